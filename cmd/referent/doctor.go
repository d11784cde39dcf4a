package main

import (
	"fmt"

	"referent/ingest"
	"referent/ingest/ocr"
	"referent/internal/doctor"
)

type doctorCommand struct {
	JSON bool `name:"json" help:"${help_json}"`
}

// Run examines the installation. It ends with 1 where Referent cannot do its work.
func (c *doctorCommand) Run(a *app) error {
	models, err := a.models()
	if err != nil {
		return err
	}
	d := doctor.Doctor{Version: version, Data: a.config.Data, Models: models, Scans: ocr.Wanting, Office: installOffice}
	o, err := a.open()
	if err == nil {
		defer a.close(o)
		d.Library = o.library
	}
	d.Opening = err
	report := d.Examine(a.ctx, a.text)
	if c.JSON {
		err = a.printJSON(report)
	} else {
		err = a.printReport(report)
	}
	if err == nil && report.Worst() == doctor.Failed {
		return errSaid
	}
	return err
}

func (a *app) printReport(report doctor.Report) error {
	for _, check := range report.Checks {
		level := a.text.Text("doctor.level."+string(check.Level), nil)
		if _, err := fmt.Fprintf(a.stdout, "%s [%s] %s\n", check.Name, level, check.Text); err != nil {
			return err
		}
		if check.Command != "" {
			fmt.Fprintf(a.stdout, "    %s\n", a.text.Text("doctor.command", messageData{Subject: check.Command}))
		}
	}
	for _, k := range report.Library.Collections {
		fmt.Fprintln(a.stdout, a.text.Text("doctor.collection", struct {
			Subject                       string
			Documents, Passages, Embedded int
		}{k.Name, k.Documents, k.Passages, k.Embedded}))
	}
	for _, m := range report.Models {
		fmt.Fprintf(a.stdout, "    %s, %.1f GB: %s\n", m.Name, float64(m.Bytes)/(1<<30), m.Reason)
	}
	return nil
}

// installOffice names the command that installs LibreOffice, "" where it is there.
func installOffice() string {
	if ingest.Converter() != "" {
		return ""
	}
	return ocr.InstallCommand([]string{"libreoffice-writer-nogui", "libreoffice-calc-nogui"})
}

// version is that of the build; the Makefile sets it.
var version = "dev"
