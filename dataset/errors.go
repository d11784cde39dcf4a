package dataset

import "fmt"

// Code names a failure that a person can act on; the message catalogue has a text for
// each ("dataset.error.<code>") that says what happened and what to do.
type Code string

// The codes of failures.
const (
	CodeUnreadable     Code = "unreadable"
	CodeEmpty          Code = "empty"
	CodeNoRecords      Code = "no_records"
	CodeEncrypted      Code = "encrypted"
	CodeDamaged        Code = "damaged"
	CodeUnsupported    Code = "unsupported"
	CodeTooManyColumns Code = "too_many_columns"
	CodeTooLarge       Code = "too_large" // a cell, a record, or what is packed inside
	CodeTooManySheets  Code = "too_many_sheets"
	CodeTime           Code = "time"
	CodeMemory         Code = "memory"
	CodeCrashed        Code = "crashed"
	CodeNoConverter    Code = "no_converter" // for XLS
	CodeCancelled      Code = "cancelled"
)

// Error is a failure that a person can act on. Err is the cause, for logs.
type Error struct {
	Code  Code
	File  string
	Limit int64 // that was hit, if any
	Err   error
}

// Error gives the English text for logs.
func (e *Error) Error() string {
	text := string(e.Code)
	if e.File != "" {
		text += ": " + e.File
	}
	if e.Limit > 0 {
		text += fmt.Sprintf(" (limit %d)", e.Limit)
	}
	if e.Err != nil {
		text += ": " + e.Err.Error()
	}
	return text
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Err }

// Is matches errors of the same code.
func (e *Error) Is(target error) bool {
	t, ok := target.(*Error)
	return ok && t.Code == e.Code
}
