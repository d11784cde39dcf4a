package office

import (
	"encoding/xml"
	"strings"
)

// cell is a cell of a row while it is read.
type cell struct {
	blocks []block
	span   int
	goes   bool // it goes on from the row above
}

func (c cell) text() string {
	var lines []string
	for _, b := range c.blocks {
		lines = append(lines, b.text)
	}
	return strings.Join(lines, " ")
}

// table reads the rows of a table. What spans rows is said again in each.
func (d *docx) table(out sink) error {
	var above []string // by column of the grid
	var visit func(xml.StartElement) error
	visit = func(e xml.StartElement) error {
		switch e.Name.Local {
		case "tr":
			cells, gone, err := d.row()
			if err != nil || gone {
				return err
			}
			return d.writeRow(cells, &above, out)
		case "sdt", "sdtContent", "ins", "customXml":
			return d.each(visit, nil)
		}
		return d.skip()
	}
	return d.each(visit, nil)
}

// row reads a row; gone is true where it was deleted.
func (d *docx) row() (cells []cell, gone bool, err error) {
	var visit func(xml.StartElement) error
	visit = func(e xml.StartElement) error {
		switch e.Name.Local {
		case "tc":
			c := cell{span: 1}
			err := d.each(func(e xml.StartElement) error {
				if e.Name.Local == "tcPr" {
					return d.each(func(e xml.StartElement) error { return d.cellProperty(e, &c) }, nil)
				}
				return d.oneBlock(e, func(b block) error { c.blocks = append(c.blocks, b); return nil })
			}, nil)
			if len(cells) < maxColumns {
				cells = append(cells, c)
			}
			return err
		case "trPr", "sdt", "sdtContent", "customXml":
			return d.each(visit, nil)
		case "del":
			d.countChange(e)
			gone = true
		case "ins":
			d.countChange(e)
		}
		return d.skip()
	}
	err = d.each(visit, nil)
	return cells, gone, err
}

func (d *docx) cellProperty(e xml.StartElement, c *cell) error {
	switch e.Name.Local {
	case "gridSpan":
		c.span = min(max(number(attr(e, "val")), 1), maxColumns)
	case "vMerge":
		c.goes = attr(e, "val") != "restart"
	}
	return d.skip()
}

// writeRow writes a row as a line. A row of one cell is but a frame around its paragraphs.
func (d *docx) writeRow(cells []cell, above *[]string, out sink) error {
	if len(cells) == 1 && !cells[0].goes {
		*above = nil
		return d.emitAll(cells[0].blocks, out)
	}
	var grid, line []string
	for _, c := range cells {
		text := c.text()
		if at := len(grid); c.goes && at < len(*above) && strings.TrimSpace(text) == "" {
			text = (*above)[at]
		}
		line = append(line, text)
		for range c.span {
			if len(grid) < maxColumns {
				grid = append(grid, text)
			}
		}
	}
	*above = grid
	return out(block{text: row(line)})
}
