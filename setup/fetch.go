package setup

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
	"time"
)

// patientClient waits for a connection and for the first byte, each as long as
// it is told; what comes after may take its time (see stallGuard).
func patientClient(patience time.Duration) *http.Client {
	return &http.Client{Transport: &http.Transport{
		Proxy:                 http.ProxyFromEnvironment,
		DialContext:           (&net.Dialer{Timeout: patience}).DialContext,
		TLSHandshakeTimeout:   patience,
		ResponseHeaderTimeout: patience,
	}}
}

// answers asks whether a server is reached at all; any HTTP status is an answer.
func (s *Setup) answers(ctx context.Context, address string) error {
	ctx, cancel := context.WithTimeout(ctx, s.patience)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodHead, address, http.NoBody)
	if err != nil {
		return err
	}
	response, err := s.client.Do(request)
	if err != nil {
		return &Problem{ID: ProblemNoAnswer, Subject: request.URL.Host, Err: err}
	}
	return response.Body.Close()
}

// small reads a short text, such as a list of checksums.
func (s *Setup) small(ctx context.Context, address string) (string, error) {
	response, err := s.get(ctx, address, 0)
	if err != nil {
		return "", err
	}
	defer func() { _ = response.Body.Close() }() // read only
	if response.StatusCode != http.StatusOK {
		return "", &Problem{ID: ProblemNotThere, Subject: address, Err: errors.New(response.Status)}
	}
	text, err := io.ReadAll(io.LimitReader(response.Body, 1<<20))
	return string(text), err
}

func (s *Setup) get(ctx context.Context, address string, from int64) (*http.Response, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, http.NoBody)
	if err != nil {
		return nil, err
	}
	if from > 0 {
		request.Header.Set("Range", "bytes="+strconv.FormatInt(from, 10)+"-")
	}
	response, err := s.client.Do(request)
	if err != nil {
		return nil, &Problem{ID: ProblemNoAnswer, Subject: request.URL.Host, Err: err}
	}
	return response, nil
}

// download loads a file into target, which appears only when its checksum is
// right. What an interrupted run left in target+".part" is gone on with; a file
// with a wrong checksum is removed, so that the next run starts over.
func (s *Setup) download(ctx context.Context, address, target, sum string) error {
	part := target + ".part"
	if err := os.MkdirAll(filepath.Dir(target), 0o755); err != nil {
		return err
	}
	file, err := os.OpenFile(part, os.O_RDWR|os.O_CREATE, 0o644)
	if err != nil {
		return err
	}
	defer func() { _ = file.Close() }() // closed for good below; a second close is harmless
	hash := sha256.New()
	have, err := io.Copy(hash, file)
	if err != nil {
		return err
	}
	if hex.EncodeToString(hash.Sum(nil)) != sum {
		if err := s.fill(ctx, address, file, have); err != nil {
			return err
		}
		hash.Reset()
		if _, err := file.Seek(0, io.SeekStart); err != nil {
			return err
		}
		if _, err := io.Copy(hash, file); err != nil {
			return err
		}
	}
	if err := file.Close(); err != nil {
		return err
	}
	if got := hex.EncodeToString(hash.Sum(nil)); got != sum {
		return errors.Join(&Problem{ID: ProblemChecksum, Subject: address}, os.Remove(part))
	}
	return os.Rename(part, target)
}

// fill loads what a partial file lacks.
func (s *Setup) fill(ctx context.Context, address string, file *os.File, have int64) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	response, err := s.get(ctx, address, have)
	if err != nil {
		return err
	}
	defer func() { _ = response.Body.Close() }() // read only
	switch response.StatusCode {
	case http.StatusPartialContent:
	case http.StatusOK: // the server sends the whole file again
		have = 0
	case http.StatusRequestedRangeNotSatisfiable: // longer than the file: start over next time
		return errors.Join(&Problem{ID: ProblemChecksum, Subject: address}, file.Truncate(0))
	default:
		return &Problem{ID: ProblemNotThere, Subject: address, Err: errors.New(response.Status)}
	}
	if response.ContentLength > 0 {
		if err := room(filepath.Dir(file.Name()), response.ContentLength); err != nil {
			return err
		}
		s.Say(Notice{NoticeDownload, Facts{What: address, Bytes: response.ContentLength}})
	}
	if err := file.Truncate(have); err != nil {
		return err
	}
	if _, err := file.Seek(have, io.SeekStart); err != nil {
		return err
	}
	body := &stallGuard{reader: response.Body, stalled: time.AfterFunc(stall, cancel)}
	defer body.stalled.Stop()
	progress := s.progress(filepath.Base(address), have+max(response.ContentLength, 0))
	if _, err := io.Copy(io.MultiWriter(file, writerFunc(func(n int) { have += int64(n); progress(have) })), body); err != nil {
		return &Problem{ID: ProblemDownload, Subject: address, Err: err}
	}
	return nil
}

const stall = 30 * time.Second

// stallGuard ends a download that has gone silent.
type stallGuard struct {
	reader  io.Reader
	stalled *time.Timer
}

func (g *stallGuard) Read(p []byte) (int, error) {
	g.stalled.Reset(stall)
	return g.reader.Read(p)
}

type writerFunc func(n int)

func (w writerFunc) Write(p []byte) (int, error) {
	w(len(p))
	return len(p), nil
}

// progress gives a function that says how far a download is, every five seconds.
func (s *Setup) progress(what string, total int64) func(done int64) {
	last := time.Now()
	return func(done int64) {
		if total > 0 && time.Since(last) >= 5*time.Second {
			last = time.Now()
			s.Say(Notice{NoticeProgress, Facts{What: what, Bytes: total, Done: done}})
		}
	}
}

// room fails where a folder has no space for so many bytes and a reserve.
func room(folder string, bytes int64) error {
	for {
		if _, err := os.Stat(folder); err == nil || folder == filepath.Dir(folder) {
			break
		}
		folder = filepath.Dir(folder)
	}
	var stat syscall.Statfs_t
	if err := syscall.Statfs(folder, &stat); err != nil {
		return fmt.Errorf("free space in %s: %w", folder, err)
	}
	const reserve = 500_000_000
	if free := int64(stat.Bavail) * stat.Bsize; free < bytes+reserve {
		return &Problem{ID: ProblemDisk, Subject: folder, Bytes: bytes + reserve}
	}
	return nil
}
