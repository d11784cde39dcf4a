package dataset

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"time"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/format"

	"referent/internal/table"
)

// openParquet opens a Parquet file; columns inside others have a dot in their names.
func openParquet(_ context.Context, path string) (*opened, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	info, err := file.Stat()
	if err != nil {
		return nil, errors.Join(err, file.Close())
	}
	reader, err := parquet.OpenFile(file, info.Size())
	if err != nil {
		return nil, errors.Join(fmt.Errorf("%w: %w", table.ErrDamaged, err), file.Close())
	}
	p := &parquetTable{file: reader}
	for _, column := range reader.Schema().Columns() {
		leaf, found := reader.Schema().Lookup(column...)
		if !found {
			continue
		}
		name := column[0]
		for _, part := range column[1:] {
			if part != "list" && part != "element" && part != "item" {
				name += "." + part
			}
		}
		p.names = append(p.names, name)
		p.types = append(p.types, leaf.Node.Type())
	}
	o := &opened{format: "PARQUET", close: file.Close}
	o.sources = []*source{{typed: true, each: p.each, names: func() []string { return p.names }}}
	return o, nil
}

type parquetTable struct {
	file  *parquet.File
	names []string
	types []parquet.Type
}

func (p *parquetTable) each(ctx context.Context, yield func(record) error) (err error) {
	defer func() {
		if v := recover(); v != nil { // the library trusts the sizes in the file
			err = fmt.Errorf("%w: %v", table.ErrDamaged, v)
		}
	}()
	number := 0
	cells, kinds := make([]string, len(p.names)), make([]table.Kind, len(p.names))
	buffer := make([]parquet.Row, 256)
	for _, group := range p.file.RowGroups() {
		rows := group.Rows()
		for {
			n, readErr := rows.ReadRows(buffer)
			for _, row := range buffer[:n] {
				number++
				for i := range cells {
					cells[i], kinds[i] = "", table.Null
				}
				for _, v := range row {
					p.set(cells, kinds, v)
				}
				if err := yield(record{Row: table.Row{Number: number, Cells: cells, Kinds: kinds}}); err != nil {
					return errors.Join(err, rows.Close())
				}
			}
			if errors.Is(readErr, io.EOF) {
				break
			}
			if readErr == nil {
				readErr = ctx.Err()
			} else {
				readErr = fmt.Errorf("%w: %w", table.ErrDamaged, readErr)
			}
			if readErr != nil {
				return errors.Join(readErr, rows.Close())
			}
		}
		if err := rows.Close(); err != nil {
			return err
		}
	}
	return nil
}

func (p *parquetTable) set(cells []string, kinds []table.Kind, v parquet.Value) {
	i := v.Column()
	if i < 0 || i >= len(cells) || v.IsNull() {
		return
	}
	text, kind := parquetCell(v, p.types[i])
	if cells[i] != "" { // a list
		text, kind = cells[i]+"; "+text, table.Text
	}
	cells[i], kinds[i] = text, kind
}

func parquetCell(v parquet.Value, t parquet.Type) (string, table.Kind) {
	logical := t.LogicalType()
	switch v.Kind() {
	case parquet.Boolean:
		return strconv.FormatBool(v.Boolean()), table.Bool
	case parquet.Int32, parquet.Int64:
		n := v.Int64()
		if v.Kind() == parquet.Int32 {
			n = int64(v.Int32())
		}
		if logical == nil {
			return strconv.FormatInt(n, 10), table.Number
		}
		switch l := logical.Value.(type) {
		case *format.DateType:
			return time.Unix(n*day, 0).UTC().Format(time.DateOnly), table.Date
		case *format.TimestampType:
			at := time.Unix(0, 0).Add(time.Duration(n) * l.Unit.Value.Duration())
			return at.UTC().Format("2006-01-02T15:04:05"), table.Date
		case *format.DecimalType:
			return decimal(n, int(l.Scale)), table.Number
		}
		return strconv.FormatInt(n, 10), table.Number
	case parquet.Float:
		return strconv.FormatFloat(float64(v.Float()), 'f', -1, 32), table.Number
	case parquet.Double:
		return strconv.FormatFloat(v.Double(), 'f', -1, 64), table.Number
	}
	return v.String(), table.Text
}

func decimal(n int64, scale int) string {
	value := float64(n)
	for range scale {
		value /= 10
	}
	return strconv.FormatFloat(value, 'f', scale, 64)
}
