package pdftext

import (
	"errors"
	"fmt"
	"os"

	"github.com/pdfcpu/pdfcpu/pkg/api"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"
)

// Repair writes a file again with its objects found anew and without encryption, as far
// as the empty password opens it.
func Repair(path, to string) error {
	_, err := guarded(func() (bool, error) { return true, repair(path, to) })
	if errors.Is(err, pdfcpu.ErrWrongPassword) {
		return fmt.Errorf("%w: %w", ErrEncrypted, err)
	}
	return err
}

func repair(path, to string) (err error) {
	in, err := os.Open(path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, in.Close()) }()
	api.DisableConfigDir() // it would be written to the user's home
	conf := model.NewDefaultConfiguration()
	conf.ValidationMode = model.ValidationRelaxed
	conf.Cmd, conf.RemoveEncryption = model.OPTIMIZE, true
	conf.WriteObjectStream, conf.WriteXRefStream = false, false
	ctx, err := api.ReadContext(in, conf)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	if err := api.WriteContextFile(ctx, to); err != nil {
		return fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	return nil
}
