package eval

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"math"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	_ "modernc.org/sqlite" // the driver

	"referent/rag"
)

// Vectors is an embedder that keeps what its model embedded in a file of the user's
// cache folder, so that a throw-away library never embeds a text twice. A file belongs
// to one model digest; several processes may use it at once.
type Vectors struct {
	model rag.Embedder
	dir   string
	db    *sql.DB
	known rag.Model
	found bool
}

// The kinds of texts: a model embeds a question and a passage differently.
const (
	kindQuery   = "query"
	kindPassage = "passage"
)

const vectorSchema = `CREATE TABLE IF NOT EXISTS vectors (
	kind   TEXT NOT NULL,
	hash   TEXT NOT NULL, -- SHA-256 of the text, hexadecimal
	vector BLOB NOT NULL, -- float32, little-endian
	PRIMARY KEY (kind, hash)
) STRICT, WITHOUT ROWID`

// OpenVectors opens the cache of the model that embedder has now, in dir.
func OpenVectors(ctx context.Context, embedder rag.Embedder, dir string) (*Vectors, error) {
	v := &Vectors{model: embedder, dir: dir}
	var err error
	if v.known, v.found, err = embedder.Model(ctx); err != nil || !v.found {
		return v, err
	}
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return nil, fmt.Errorf("cache of vectors: %w", err)
	}
	name := strings.Map(fileRune, v.known.Digest) + ".db"
	options := url.Values{"_pragma": {"busy_timeout(10000)", "journal_mode(WAL)", "synchronous(NORMAL)"}}
	v.db, err = sql.Open("sqlite", "file:"+filepath.Join(dir, name)+"?"+options.Encode())
	if err != nil {
		return nil, fmt.Errorf("cache of vectors: %w", err)
	}
	if _, err := v.db.ExecContext(ctx, vectorSchema); err != nil {
		return nil, errors.Join(fmt.Errorf("cache of vectors %s: %w", name, err), v.db.Close())
	}
	return v, nil
}

func fileRune(r rune) rune {
	if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r == '-' {
		return r
	}
	return '-'
}

// Close closes the cache.
func (v *Vectors) Close() error {
	if v.db == nil {
		return nil
	}
	return v.db.Close()
}

// Model says which model embeds. It is the one the cache was opened for: a run that
// began with a model ends with it.
func (v *Vectors) Model(context.Context) (rag.Model, bool, error) { return v.known, v.found, nil }

// patience is how long a measurement waits for the vector of a question.
const patience = 10 * time.Minute

// EmbedQuery gives the vector of a question. A search gives up on a model that is slow
// and goes on by words, which is right for a person who waits; a measurement would call
// that the quality of vectors, so it waits longer than its caller says.
func (v *Vectors) EmbedQuery(ctx context.Context, text string) ([]float32, error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), patience)
	defer cancel()
	vectors, err := v.embed(ctx, kindQuery, []string{text}, func(ctx context.Context, texts []string) ([][]float32, error) {
		vector, err := v.model.EmbedQuery(ctx, texts[0])
		return [][]float32{vector}, err
	})
	if err != nil {
		return nil, err
	}
	return vectors[0], nil
}

// EmbedPassages gives the vectors of texts in their order.
func (v *Vectors) EmbedPassages(ctx context.Context, texts []string) ([][]float32, error) {
	return v.embed(ctx, kindPassage, texts, v.model.EmbedPassages)
}

// embed reads what is kept and embeds the rest, in one call of the model.
func (v *Vectors) embed(ctx context.Context, kind string, texts []string, embed func(context.Context, []string) ([][]float32, error)) ([][]float32, error) {
	vectors := make([][]float32, len(texts))
	var missing []string
	var places []int
	for i, text := range texts {
		vector, err := v.read(ctx, kind, text)
		if err != nil {
			return nil, err
		}
		if vectors[i] = vector; vector == nil {
			missing, places = append(missing, text), append(places, i)
		}
	}
	if len(missing) == 0 {
		return vectors, nil
	}
	fresh, err := embed(ctx, missing)
	if err != nil {
		return nil, err
	}
	if now, _, err := v.model.Model(ctx); err != nil || now.Digest != v.known.Digest {
		return nil, errors.Join(&rag.Error{Code: rag.CodeOllamaFailed, Subject: v.known.Name, Err: errors.New("the model changed during the run")}, err)
	}
	for i, vector := range fresh {
		vectors[places[i]] = vector
	}
	return vectors, v.keep(ctx, kind, missing, fresh)
}

func (v *Vectors) read(ctx context.Context, kind, text string) ([]float32, error) {
	var stored []byte
	err := v.db.QueryRowContext(ctx, `SELECT vector FROM vectors WHERE kind = ? AND hash = ?`, kind, textHash(text)).Scan(&stored)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("cache of vectors: %w", err)
	}
	if len(stored) != 4*v.known.Dimension {
		return nil, nil // cut or of another kind: it is embedded again
	}
	vector := make([]float32, v.known.Dimension)
	for i := range vector {
		vector[i] = math.Float32frombits(binary.LittleEndian.Uint32(stored[4*i:]))
	}
	return vector, nil
}

func (v *Vectors) keep(ctx context.Context, kind string, texts []string, vectors [][]float32) (err error) {
	tx, err := v.db.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("cache of vectors: %w", err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, tx.Rollback())
		}
	}()
	for i, vector := range vectors {
		stored := make([]byte, 0, 4*len(vector))
		for _, value := range vector {
			stored = binary.LittleEndian.AppendUint32(stored, math.Float32bits(value))
		}
		if _, err := tx.ExecContext(ctx, `INSERT OR REPLACE INTO vectors (kind, hash, vector) VALUES (?, ?, ?)`, kind, textHash(texts[i]), stored); err != nil {
			return fmt.Errorf("cache of vectors: %w", err)
		}
	}
	return tx.Commit()
}

func textHash(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}
