package dataset

import (
	"math"
	"math/bits"
)

// A hashSet holds hashes, exactly up to its limit.
type hashSet struct {
	slots []uint64
	count int
	limit int
	full  bool
}

// add says whether the hash is new; it is never new once the set is full.
func (s *hashSet) add(hash uint64) bool {
	if s.full {
		return false
	}
	if hash == 0 {
		hash = 1 // 0 marks a free slot
	}
	if 4*(s.count+1) > 3*len(s.slots) {
		s.grow()
	}
	if !s.put(hash) {
		return false
	}
	s.count++
	s.full = s.count >= s.limit
	return true
}

func (s *hashSet) put(hash uint64) bool {
	mask := uint64(len(s.slots) - 1)
	for i := hash & mask; ; i = (i + 1) & mask {
		switch s.slots[i] {
		case 0:
			s.slots[i] = hash
			return true
		case hash:
			return false
		}
	}
}

func (s *hashSet) grow() {
	old := s.slots
	s.slots = make([]uint64, max(64, 2*len(old)))
	for _, hash := range old {
		if hash != 0 {
			s.put(hash)
		}
	}
}

// sketchBits of a hash choose the register: 2^12 of them err by about 1.6 %.
const sketchBits = 12

// A sketch estimates how many different hashes it was shown (HyperLogLog).
type sketch struct{ registers [1 << sketchBits]uint8 }

func (s *sketch) add(hash uint64) {
	register := hash >> (64 - sketchBits)
	rank := uint8(bits.LeadingZeros64(hash<<sketchBits|1<<(sketchBits-1)) + 1)
	s.registers[register] = max(s.registers[register], rank)
}

func (s *sketch) estimate() int {
	m, sum := float64(len(s.registers)), 0.0
	for _, rank := range s.registers {
		sum += math.Ldexp(1, -int(rank))
	}
	return int(0.7213 / (1 + 1.079/m) * m * m / sum)
}
