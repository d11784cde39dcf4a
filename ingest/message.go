package ingest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"referent/ingest/mail"
	"referent/internal/worker"
	"referent/rag"
)

// mailTask is the name of the worker's task that reads messages.
const mailTask = "mail"

var mailLimits = worker.Limits{Time: time.Minute, Memory: worker.DefaultMemory, Output: 8 * rag.MaxTextRunes}

type mailRequest struct {
	Path   string `json:"path"`
	Folder string `json:"folder"` // where the attached files are written
}

// message visits a message and the files attached to it.
func (u *unpacker) message(ctx context.Context, src source, depth int) error {
	folder, err := os.MkdirTemp("", "referent-mail-")
	if err != nil {
		return u.visit(src, &rag.Error{Code: rag.CodeInternal, Subject: src.name, Err: err})
	}
	// the folder lies among temporary files: leaving it there is no failure
	defer func() { _ = os.RemoveAll(folder) }()
	m, err := readMessage(ctx, src, folder)
	if err != nil {
		return u.visit(src, err)
	}
	src.message = &m
	if err := u.visit(src, nil); err != nil {
		return err
	}
	for i, attached := range m.Attached {
		child := src.child(attached.Name, nil)
		if child.data, err = os.ReadFile(filepath.Join(folder, attachedFile(i))); err != nil {
			return u.visit(child, &rag.Error{Code: rag.CodeInternal, Subject: child.name, Err: err})
		}
		if err := u.child(ctx, child, nil, attached.Name, depth); err != nil {
			return err
		}
	}
	return nil
}

func attachedFile(i int) string { return fmt.Sprintf("%04d", i) }

// readMessage reads a message in a child process, which writes what is attached to folder.
func readMessage(ctx context.Context, src source, folder string) (mail.Message, error) {
	path, cleanup, err := src.file()
	if err != nil {
		return mail.Message{}, &rag.Error{Code: rag.CodeInternal, Subject: src.name, Err: err}
	}
	defer cleanup()
	var m mail.Message
	if err := worker.Call(ctx, mailTask, mailLimits, mailRequest{Path: path, Folder: folder}, &m); err != nil {
		return mail.Message{}, childError(src.name, mailLimits, err)
	}
	return m, nil
}

// extractMail runs in the worker.
func extractMail(request json.RawMessage) (any, error) {
	var req mailRequest
	if err := json.Unmarshal(request, &req); err != nil {
		return nil, err
	}
	data, err := os.ReadFile(req.Path)
	if err != nil {
		return nil, err
	}
	m, err := mail.Read(data)
	switch {
	case errors.Is(err, mail.ErrEncrypted):
		return nil, taskError(rag.CodeFileEncrypted, err.Error())
	case err != nil:
		return nil, taskError(rag.CodeFileDamaged, err.Error())
	}
	for i, attached := range m.Attached {
		if req.Folder == "" {
			break
		}
		if err := os.WriteFile(filepath.Join(req.Folder, attachedFile(i)), attached.Data, 0o600); err != nil {
			return nil, err
		}
	}
	return m, nil
}

// layMessage makes one text of a message's head and its words.
func layMessage(m *mail.Message) (layout, error) {
	l := layout{title: cleanText(m.Subject), plain: true}
	body := m.Text
	if strings.TrimSpace(body) == "" && m.HTML != "" {
		page, err := readPage(m.HTML)
		if err != nil {
			return layout{}, err
		}
		body = page.text
	}
	var head []string
	for _, line := range [][2]string{{"Temat", m.Subject}, {"Od", m.From}, {"Do", m.To}, {"DW", m.Cc}, {"Data", m.Date}} {
		if line[1] != "" {
			head = append(head, line[0]+": "+line[1])
		}
	}
	l.text = cleanText(strings.Join(head, "\n") + "\n\n" + body)
	return l, nil
}
