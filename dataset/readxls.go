package dataset

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"referent/internal/table"
)

// openXLS has LibreOffice, where it is installed, turn an old workbook into a new one.
func openXLS(ctx context.Context, path string) (*opened, error) {
	office, err := exec.LookPath("soffice")
	if err != nil {
		return nil, &Error{Code: CodeNoConverter, Err: err}
	}
	folder, err := os.MkdirTemp("", "referent-xls-")
	if err != nil {
		return nil, err
	}
	remove := func() error { return os.RemoveAll(folder) }
	profile := "-env:UserInstallation=file://" + filepath.Join(folder, "profile")
	cmd := exec.CommandContext(ctx, office, profile, "--headless", "--convert-to", "xlsx", "--outdir", folder, path)
	if output, err := cmd.CombinedOutput(); err != nil {
		return nil, errors.Join(&Error{Code: CodeDamaged, Err: errors.New(string(output))}, remove())
	}
	base := strings.TrimSuffix(filepath.Base(path), filepath.Ext(path))
	o, err := openTable(ctx, filepath.Join(folder, base+".xlsx"))
	if err != nil {
		if errors.Is(err, os.ErrNotExist) {
			err = table.ErrDamaged
		}
		return nil, errors.Join(err, remove())
	}
	closeFile := o.close
	o.format, o.close = "XLS", func() error { return errors.Join(closeFile(), remove()) }
	return o, nil
}
