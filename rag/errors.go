package rag

import "fmt"

// Code names a failure that a person can act on; the message catalogue has a
// text for each ("error.<code>") that says what happened and what to do.
type Code string

// The codes of failures.
const (
	CodeEmptyQuestion      Code = "empty_question"
	CodeQuestionTooLong    Code = "question_too_long"
	CodeControlCharacters  Code = "control_characters"
	CodeBadBatchLine       Code = "bad_batch_line"
	CodeBadDate            Code = "bad_date"
	CodeNoReadableFiles    Code = "no_readable_files"
	CodeFileVanished       Code = "file_vanished"
	CodeFileUnreadable     Code = "file_unreadable"
	CodeFileUnwritable     Code = "file_unwritable"
	CodeFileEmpty          Code = "file_empty"
	CodeFileTooLarge       Code = "file_too_large"
	CodeFileEncrypted      Code = "file_encrypted"
	CodeFileUnsupported    Code = "file_unsupported"
	CodeFileDamaged        Code = "file_damaged"
	CodeFileNoText         Code = "file_no_text"
	CodeReaderTimeout      Code = "reader_timeout"
	CodeReaderMemory       Code = "reader_memory"
	CodeTooManyPages       Code = "too_many_pages"
	CodePagesUnread        Code = "pages_unread"
	CodeOCRTimeout         Code = "ocr_timeout"
	CodeCommentsDropped    Code = "comments_dropped"
	CodeChangesAccepted    Code = "changes_accepted"
	CodeSheetsHidden       Code = "sheets_hidden"
	CodeArchiveUnsupported Code = "archive_unsupported"
	CodeArchiveTooDeep     Code = "archive_too_deep"
	CodeArchiveTooMany     Code = "archive_too_many"
	CodeArchiveTooLarge    Code = "archive_too_large"
	CodeArchiveBomb        Code = "archive_bomb"
	CodeUnsafeName         Code = "unsafe_name"
	CodeMailUnsupported    Code = "mail_unsupported"
	CodeConverterMissing   Code = "converter_missing"
	CodeConverterFailed    Code = "converter_failed"
	CodeSourceUnreachable  Code = "source_unreachable"
	CodeDiskFull           Code = "disk_full"
	CodeSourceMissing      Code = "source_missing"
	CodeDataFolderReadOnly Code = "data_folder_readonly"
	CodeLibraryDamaged     Code = "library_damaged"
	CodeLibraryMissing     Code = "library_missing"
	CodeBackupExists       Code = "backup_exists"
	CodeBackupDamaged      Code = "backup_damaged"
	CodeRestoreOccupied    Code = "restore_occupied"
	CodeDataFolderHeld     Code = "data_folder_held"
	CodeLibraryNewer       Code = "library_newer"
	CodeUnknownCollection  Code = "unknown_collection"
	CodeEmptyLibrary       Code = "empty_library"
	CodeNotFound           Code = "not_found"
	CodeAlreadyThere       Code = "already_there"
	CodeOllamaUnreachable  Code = "ollama_unreachable"
	CodeOllamaInterrupted  Code = "ollama_interrupted"
	CodeOllamaFailed       Code = "ollama_failed"
	CodeModelMissing       Code = "model_missing"
	CodeCancelled          Code = "cancelled"
	CodeInternal           Code = "internal"
	CodeSuiteInvalid       Code = "suite_invalid"
	CodeQuestionsInvalid   Code = "questions_invalid"
	CodeResultInvalid      Code = "result_invalid"
	CodeNothingToMeasure   Code = "nothing_to_measure"
	CodeTooManyQuestions   Code = "too_many_questions"
)

// Error is a failure that a person can act on. Subject and Limit fill the
// message's places; Err is the cause, for logs.
type Error struct {
	Code    Code
	Subject string // the file, model, folder or address it is about
	Limit   int    // the limit that was hit, if any
	Line    int    // the line of a batch, from 1
	Err     error
}

// Error gives the English text for logs.
func (e *Error) Error() string {
	text := string(e.Code)
	if e.Line > 0 {
		text += fmt.Sprintf(" (line %d)", e.Line)
	}
	if e.Subject != "" {
		text += ": " + e.Subject
	}
	if e.Err != nil {
		text += ": " + e.Err.Error()
	}
	return text
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Err }

// Is matches errors of the same code, so that errors.Is(err, &Error{Code: c}) asks for it.
func (e *Error) Is(target error) bool {
	t, ok := target.(*Error)
	return ok && t.Code == e.Code
}
