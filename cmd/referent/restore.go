package main

import (
	"time"

	"referent/internal/backup"
)

type restoreCommand struct {
	Force bool   `help:"${help_force}"`
	File  string `arg:"" help:"${help_backup_file}"`
}

// Run brings a backup into the data folder, which nobody may hold.
func (c *restoreCommand) Run(a *app) error {
	done, err := backup.Restore(a.ctx, c.File, a.config.Data, c.Force)
	if err != nil {
		return err
	}
	a.say("restore.done", messageData{Subject: a.config.Data, Cause: done.Created.Local().Format(time.DateTime), Limit: done.Files})
	if done.Aside != "" {
		a.say("restore.aside", messageData{Subject: done.Aside})
	}
	return nil
}
