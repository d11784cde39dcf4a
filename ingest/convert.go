package ingest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"referent/rag"
)

// convertTime bounds LibreOffice: it starts for seconds and may hang on damaged files.
const convertTime = 2 * time.Minute

// modern are the formats that LibreOffice makes of those that only it reads.
var modern = map[string]string{kindDOC: kindDOCX, kindXLS: kindXLSX}

// Converter gives the path of LibreOffice, "" where it is not installed.
func Converter() string {
	for _, name := range []string{"soffice", "libreoffice"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	return ""
}

// settings keep LibreOffice from opening what a file links to and from running its macros.
const settings = `<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="BlockUntrustedRefererLinks" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="DisableMacrosExecution" oor:op="fuse"><value>true</value></prop></item>
</oor:items>
`

// convert makes a file of a modern format of one that only LibreOffice reads, in a folder
// that cleanup removes.
func convert(ctx context.Context, src source) (made source, cleanup func(), err error) {
	program := Converter()
	if program == "" {
		return source{}, nil, &rag.Error{Code: rag.CodeConverterMissing, Subject: src.name}
	}
	folder, err := os.MkdirTemp("", "referent-convert-")
	if err != nil {
		return source{}, nil, &rag.Error{Code: rag.CodeInternal, Subject: src.name, Err: err}
	}
	// the folder lies among temporary files: leaving it there is no failure
	cleanup = func() { _ = os.RemoveAll(folder) }
	made = src
	made.kind = modern[src.kind]
	if made.path, err = runConverter(ctx, program, folder, src, made.kind); err != nil {
		cleanup()
		return source{}, nil, err
	}
	return made, cleanup, nil
}

func runConverter(ctx context.Context, program, folder string, src source, kind string) (string, error) {
	input, profile := filepath.Join(folder, "plik."+src.kind), filepath.Join(folder, "profile")
	err := errors.Join(os.WriteFile(input, src.data, 0o600), os.MkdirAll(filepath.Join(profile, "user"), 0o700))
	if err == nil {
		err = os.WriteFile(filepath.Join(profile, "user", "registrymodifications.xcu"), []byte(settings), 0o600)
	}
	if err != nil {
		return "", &rag.Error{Code: rag.CodeInternal, Subject: src.name, Err: err}
	}
	bounded, cancel := context.WithTimeout(ctx, convertTime)
	defer cancel()
	cmd := exec.CommandContext(bounded, program, "-env:UserInstallation=file://"+filepath.ToSlash(profile), "--headless", "--norestore", "--convert-to", kind, "--outdir", folder, input)
	cmd.WaitDelay = 5 * time.Second
	words, err := cmd.CombinedOutput()
	output := filepath.Join(folder, "plik."+kind)
	_, missing := os.Stat(output)
	switch {
	case ctx.Err() != nil:
		return "", &rag.Error{Code: rag.CodeCancelled, Subject: src.name, Err: ctx.Err()}
	case bounded.Err() != nil:
		return "", &rag.Error{Code: rag.CodeReaderTimeout, Subject: src.name, Limit: int(convertTime.Seconds()), Err: bounded.Err()}
	case err != nil, missing != nil:
		return "", &rag.Error{Code: rag.CodeConverterFailed, Subject: src.name, Err: fmt.Errorf("%w: %.500s", errors.Join(err, missing), words)}
	}
	return output, nil
}
