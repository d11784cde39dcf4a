package table

import (
	"bufio"
	"context"
	"encoding/xml"
	"errors"
	"io"
	"path"
	"strings"
)

// A workbook is a XLSX file. It is read by hand because excelize, streaming, gives neither
// the kind nor the style of a cell, without which a number kept as text is a number and a
// date is a number too. Parts that links lead to outside are never opened.
type workbook struct {
	container
	strings []string
	styles  []style
	epoch   epoch
}

func openXLSX(c container) (*File, error) {
	w := &workbook{container: c}
	listed, err := w.contents()
	if err != nil {
		return nil, err
	}
	if len(listed) > c.limits.Sheets {
		return nil, &LimitError{What: LimitSheets, Limit: int64(c.limits.Sheets)}
	}
	if w.styles, err = w.readStyles(); err != nil {
		return nil, err
	}
	if w.strings, err = w.sharedStrings(); err != nil {
		return nil, err
	}
	f := &File{Format: XLSX}
	for _, sheet := range listed {
		part := sheet.part
		f.Sheets = append(f.Sheets, &Sheet{
			Name:   sheet.name,
			Hidden: sheet.hidden,
			each: func(ctx context.Context, yield func(Row) error) error {
				return w.eachRow(ctx, part, yield)
			},
			merged: func() ([]Range, error) { return w.merged(part) },
		})
	}
	return f, nil
}

type listedSheet struct {
	name, part string
	hidden     bool
}

// contents lists the worksheets; sheets of charts are none.
func (w *workbook) contents() ([]listedSheet, error) {
	var book struct {
		Properties struct {
			Date1904 string `xml:"date1904,attr"`
		} `xml:"workbookPr"`
		Sheets []struct {
			Name  string `xml:"name,attr"`
			State string `xml:"state,attr"`
			ID    string `xml:"http://schemas.openxmlformats.org/officeDocument/2006/relationships id,attr"`
			// the strict variant of the format has a namespace of its own
			StrictID string `xml:"http://purl.oclc.org/ooxml/officeDocument/relationships id,attr"`
		} `xml:"sheets>sheet"`
	}
	if err := w.decode("xl/workbook.xml", &book); err != nil {
		return nil, err
	}
	w.epoch = epoch1900
	if book.Properties.Date1904 == "1" || book.Properties.Date1904 == "true" {
		w.epoch = epoch1904
	}
	var links struct {
		Relationships []struct {
			ID     string `xml:"Id,attr"`
			Type   string `xml:"Type,attr"`
			Target string `xml:"Target,attr"`
		} `xml:"Relationship"`
	}
	if err := w.decode("xl/_rels/workbook.xml.rels", &links); err != nil {
		return nil, err
	}
	parts := map[string]string{}
	for _, link := range links.Relationships {
		if strings.HasSuffix(link.Type, "/worksheet") {
			target, absolute := strings.CutPrefix(link.Target, "/")
			if !absolute {
				target = path.Join("xl", target)
			}
			parts[link.ID] = target
		}
	}
	var listed []listedSheet
	for _, sheet := range book.Sheets {
		if part := parts[sheet.ID+sheet.StrictID]; part != "" {
			listed = append(listed, listedSheet{sheet.Name, part, sheet.State != "" && sheet.State != "visible"})
		}
	}
	return listed, nil
}

// decode reads a small part as a whole.
func (w *workbook) decode(name string, to any) error {
	part, err := w.open(name)
	if err != nil {
		return err
	}
	err = xml.NewDecoder(bufio.NewReader(part)).Decode(to)
	return damaged(name, errors.Join(err, part.Close()))
}

// sharedStrings reads the texts that cells name by number; phonetic hints are left out.
func (w *workbook) sharedStrings() ([]string, error) {
	const name = "xl/sharedStrings.xml"
	if w.parts[name] == nil {
		return nil, nil
	}
	part, err := w.open(name)
	if err != nil {
		return nil, err
	}
	var all []string
	var text strings.Builder
	total, wanted, phonetic := int64(0), false, 0
	decoder := xml.NewDecoder(bufio.NewReaderSize(part, 1<<16))
	for {
		token, err := decoder.RawToken()
		if errors.Is(err, io.EOF) {
			return all, damaged(name, part.Close())
		}
		if err != nil {
			return nil, damaged(name, errors.Join(err, part.Close()))
		}
		switch element := token.(type) {
		case xml.StartElement:
			wanted = element.Name.Local == "t" && phonetic == 0
			if element.Name.Local == "rPh" {
				phonetic++
			}
		case xml.CharData:
			if wanted {
				text.Write(element)
			}
		case xml.EndElement:
			wanted = false
			switch element.Name.Local {
			case "rPh":
				phonetic--
			case "si":
				all = append(all, text.String())
				total += int64(text.Len()) + 16
				text.Reset()
			}
		}
		if total+int64(text.Len()) > w.limits.Strings {
			return nil, errors.Join(&LimitError{What: LimitStrings, Limit: w.limits.Strings}, part.Close())
		}
	}
}
