package main

import "referent/internal/backup"

type backupCommand struct {
	File string `arg:"" help:"${help_backup_file}"`
}

// Run saves the data folder in a file; a serving process may hold the folder meanwhile.
func (c *backupCommand) Run(a *app) error {
	if err := backup.Write(a.ctx, a.config.Data, c.File); err != nil {
		return err
	}
	a.say("backup.done", messageData{Subject: c.File})
	return nil
}
