package shell

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"net/http"
	"path"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"referent/rag"
)

// static are the styles, modules and pictures, with their hashes.
type static struct{ files map[string]staticFile }

type staticFile struct {
	body []byte
	tag  string
}

var staticTypes = map[string]string{
	".css": "text/css; charset=utf-8",
	".js":  "text/javascript; charset=utf-8",
	".svg": "image/svg+xml",
}

func readStatic(files fs.FS) (*static, error) {
	s := &static{map[string]staticFile{}}
	err := fs.WalkDir(files, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || staticTypes[path.Ext(name)] == "" {
			return err
		}
		body, err := fs.ReadFile(files, name)
		if err != nil {
			return err
		}
		sum := sha256.Sum256(body)
		s.files[name] = staticFile{body, `"` + hex.EncodeToString(sum[:8]) + `"`}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("static files: %w", err)
	}
	return s, nil
}

func (s *static) has(name string) bool {
	_, found := s.files[name]
	return found
}

// Static serves styles and modules. Browsers ask each time whether they changed:
// a module and the page that needs it must be of one version.
func (s *Shell) Static(c *gin.Context) error {
	name := strings.TrimPrefix(c.Param("file"), "/")
	file, found := s.static.files[name]
	if !found {
		return &rag.Error{Code: rag.CodeNotFound, Subject: c.Request.URL.Path}
	}
	c.Header("Content-Type", staticTypes[path.Ext(name)])
	c.Header("Cache-Control", "no-cache")
	c.Header("ETag", file.tag)
	http.ServeContent(c.Writer, c.Request, name, time.Time{}, bytes.NewReader(file.body))
	return nil
}
