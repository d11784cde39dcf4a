package eval

import (
	"slices"
)

const groupAll = "all"

// members are the questions of a group, by their place among those of the run.
type members struct {
	Name  string
	Index []int
}

// groups gives the groups that have a question with gold: all, the suite's own, each
// set, style and act. An act's group holds the questions with any gold in it.
func (s *Suite) groups() []members {
	var list []members
	add := func(name string, has func(Question) bool) {
		m := members{Name: name}
		for i, q := range s.asked {
			if len(q.Gold) > 0 && has(q) {
				m.Index = append(m.Index, i)
			}
		}
		if len(m.Index) > 0 {
			list = append(list, m)
		}
	}
	add(groupAll, func(Question) bool { return true })
	for _, g := range s.Groups {
		add(g.Name, g.has)
	}
	var sets, styles, acts []string
	for _, q := range s.asked {
		sets, styles, acts = append(sets, q.Set), append(styles, q.Style), append(acts, q.acts()...)
	}
	for _, set := range distinct(sets) {
		add("set:"+set, func(q Question) bool { return q.Set == set })
	}
	for _, style := range distinct(styles) {
		add("style:"+style, func(q Question) bool { return q.Style == style })
	}
	for _, act := range distinct(acts) {
		add("act:"+act, func(q Question) bool { return slices.Contains(q.acts(), act) })
	}
	return list
}

// distinct gives the values in order, each once, without "".
func distinct(values []string) []string {
	values = slices.DeleteFunc(slices.Clone(values), func(v string) bool { return v == "" })
	slices.Sort(values)
	return slices.Compact(values)
}

// has says whether a question belongs to the group.
func (g Group) has(q Question) bool {
	if len(g.Sets) > 0 && !slices.Contains(g.Sets, q.Set) || len(g.Styles) > 0 && !slices.Contains(g.Styles, q.Style) {
		return false
	}
	if len(g.Acts) == 0 {
		return true
	}
	return !slices.ContainsFunc(q.Gold, func(gold Gold) bool { return !slices.Contains(g.Acts, gold.Act) })
}
