// Package dataset turns a file of data into metadata: a profile of facts, which the file
// alone gives, and what is drafted, checked and exported from them. It imports prompts
// and internal packages only.
package dataset

// Profile is what a file says of itself. Rows are 1-based as in the file: lines of a CSV,
// rows of a sheet, record numbers elsewhere.
type Profile struct {
	Format     string   `json:"format"`    // CSV, XLSX, ODS, JSON, JSONL, XML, GeoJSON, GPKG, SHP, GML, KML, PARQUET
	Encoding   *string  `json:"encoding"`  // utf-8, utf-8-sig, cp1250, iso-8859-2, cp852, utf-16; nil where the format has its own
	Delimiter  *string  `json:"delimiter"` // of a CSV
	HeaderRow  *int     `json:"header_row"`
	Rows       int      `json:"n_rows"`     // records without headers, titles, totals, notes and blank rows
	RowsRaw    int      `json:"n_rows_raw"` // every row after the header that is not blank
	Cols       int      `json:"n_cols"`     // attributes; geometry and technical keys are not counted
	Columns    []Column `json:"columns"`
	Sheets     []Sheet  `json:"sheets"`      // of a file with several tables; the profile is that of the main one
	RecordPath *string  `json:"record_path"` // where the records stand in a nested file: "gmina.uchwaly"
	Nested     []Nested `json:"nested"`      // tables inside the records

	Defects     []Defect   `json:"defects"`
	Personal    []Personal `json:"pii"`
	Verdict     Verdict    `json:"pii_verdict"`
	SmallGroups *Groups    `json:"small_groups"` // nil where no columns describe persons

	Temporal          *Period     `json:"temporal"`
	TemporalEvidence  string      `json:"temporal_evidence"` // the column or the text that says it
	Spatial           *Spatial    `json:"spatial"`
	Frequency         string      `json:"frequency"` // an EU code, "unknown" without evidence
	FrequencyEvidence string      `json:"frequency_evidence"`
	Indicators        *Indicators `json:"indicators"` // nil where the table is no table of indicators

	Titles   []string `json:"titles"`   // lines above the header
	Notes    []string `json:"notes"`    // lines below the data, sheets of explanations
	Metadata []Field  `json:"metadata"` // what the file says beside its records, in its order

	Limits []string `json:"limits"` // what was looked at in a part of the file only
}

// Field is a named text of the file.
type Field struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// Type of a column.
type Type string

// The types of columns.
const (
	TypeInteger  Type = "integer"
	TypeNumber   Type = "number"
	TypeString   Type = "string"
	TypeBoolean  Type = "boolean"
	TypeDate     Type = "date"
	TypeDatetime Type = "datetime"
	TypeTime     Type = "time"
	TypeCode     Type = "code"
)

// Semantic says what a column is about.
type Semantic string

// The semantics of columns.
const (
	SemanticPESEL    Semantic = "pesel"
	SemanticNIP      Semantic = "nip"
	SemanticREGON    Semantic = "regon"
	SemanticTERYT    Semantic = "teryt"
	SemanticPNA      Semantic = "pna"
	SemanticEmail    Semantic = "email"
	SemanticPhone    Semantic = "phone"
	SemanticIBAN     Semantic = "iban"
	SemanticPerson   Semantic = "person_name"
	SemanticAddress  Semantic = "address"
	SemanticLon      Semantic = "lon"
	SemanticLat      Semantic = "lat"
	SemanticAmount   Semantic = "amount_pln"
	SemanticDate     Semantic = "date"
	SemanticCategory Semantic = "category"
	SemanticID       Semantic = "id"
	SemanticFreeText Semantic = "free_text"
	SemanticNone     Semantic = "none"
)

// Column is an attribute of the records.
type Column struct {
	Name     string   `json:"name"`
	Type     Type     `json:"type"`
	Unit     *string  `json:"unit"`
	Semantic Semantic `json:"semantic"`
	Missing  int      `json:"missing"`  // empty cells and signs of a missing value
	Distinct int      `json:"distinct"` // trimmed values that are not missing
	// DistinctEstimated says that there are too many values to count them one by one.
	DistinctEstimated bool       `json:"distinct_estimated,omitempty"`
	Min               any        `json:"min"` // a number, an ISO date, or nil
	Max               any        `json:"max"`
	Sum               *float64   `json:"sum,omitempty"`
	Mean              *float64   `json:"mean,omitempty"`
	MissingSigns      []string   `json:"missing_signs"`
	Formats           []string   `json:"format"`   // how numbers and dates are written: "1 234,56", "dd.mm.yyyy"
	Unparsed          int        `json:"unparsed"` // values that do not fit the type
	Examples          []string   `json:"examples"` // masked where they are personal data
	Top               []Count    `json:"top"`      // the most frequent values of a column with few of them
	Histogram         *Histogram `json:"histogram"`
	Gaps              []int      `json:"gaps"` // missing values in each of up to 50 equal parts of the file
}

// Count is a value and how often it stands in a column.
type Count struct {
	Value string `json:"value"`
	Count int    `json:"count"`
}

// Histogram counts numbers in equal intervals between the column's minimum and maximum,
// from a sample of the values.
type Histogram struct {
	Low    float64 `json:"low"`
	High   float64 `json:"high"`
	Counts []int   `json:"counts"`
}

// Role of a sheet.
type Role string

// The roles of sheets.
const (
	RoleMain  Role = "main"
	RoleData  Role = "data"
	RoleNotes Role = "notes"
)

// Sheet is a sheet, layer or table of a file.
type Sheet struct {
	Name      string   `json:"name"`
	Role      Role     `json:"role"`
	Hidden    bool     `json:"hidden"`
	HeaderRow *int     `json:"header_row"`
	Rows      *int     `json:"n_rows"`
	Cols      *int     `json:"n_cols"`
	Columns   []Column `json:"columns,omitempty"`
}

// Nested is a table inside the records.
type Nested struct {
	Path    string   `json:"path"`
	Rows    int      `json:"n_rows"`
	Cols    int      `json:"n_cols"`
	Columns []Column `json:"columns"`
}

// DefectKind is a kind of the defect vocabulary.
type DefectKind string

// The kinds of defects.
const (
	DefectTitleRows              DefectKind = "title_rows"
	DefectMergedCells            DefectKind = "merged_cells"
	DefectTotalRows              DefectKind = "total_rows"
	DefectFootnoteRows           DefectKind = "footnote_rows"
	DefectBlankRows              DefectKind = "blank_rows"
	DefectRepeatedHeader         DefectKind = "repeated_header_row"
	DefectDuplicateColumn        DefectKind = "duplicate_column_name"
	DefectEmptyColumn            DefectKind = "empty_column"
	DefectDuplicateRows          DefectKind = "duplicate_rows"
	DefectDuplicateIDs           DefectKind = "duplicate_ids"
	DefectRaggedRows             DefectKind = "ragged_rows"
	DefectMixedTypes             DefectKind = "mixed_types"
	DefectNumberAsText           DefectKind = "number_as_text"
	DefectMixedDateFormats       DefectKind = "mixed_date_formats"
	DefectMissingSigns           DefectKind = "missing_signs"
	DefectSentinel               DefectKind = "sentinel_value"
	DefectLeadingZeros           DefectKind = "leading_zeros_lost"
	DefectOutlier                DefectKind = "outlier"
	DefectMixedEncoding          DefectKind = "mixed_encoding"
	DefectWrongCRS               DefectKind = "wrong_crs"
	DefectSwappedCoordinates     DefectKind = "swapped_coordinates"
	DefectInconsistentDates      DefectKind = "inconsistent_dates"
	DefectInconsistentSum        DefectKind = "inconsistent_sum"
	DefectInconsistentCategories DefectKind = "inconsistent_categories"
	DefectInvalidIdentifier      DefectKind = "invalid_identifier"
)

// Defect is something in the file that a user of the data trips over.
type Defect struct {
	Kind   DefectKind `json:"kind"`
	Where  string     `json:"where"`  // the place in words, filled by Explain
	Column Names      `json:"column"` // none, one or several columns
	Rows   []int      `json:"rows"`   // the first of them; nil where no rows can be named
	Count  int        `json:"count"`
	Detail string     `json:"detail"` // the value, format or columns it is about
	Repair string     `json:"repair"` // what mends it, in words, filled by Explain
	Sheet  string     `json:"sheet,omitempty"`
}

// Personal is personal data of one kind in a column.
type Personal struct {
	Kind     PersonalKind `json:"kind"`
	Column   Names        `json:"column"`
	Count    int          `json:"count"` // cells that hold it
	Level    Level        `json:"level"`
	Rows     []int        `json:"rows"`     // the first of them
	Examples []string     `json:"examples"` // masked
	Invalid  int          `json:"invalid,omitempty"`
}

// PersonalKind is a kind of personal data.
type PersonalKind string

// Level says whose data they are.
type Level string

// The levels of personal data.
const (
	LevelPersonal       Level = "personal"
	LevelMixed          Level = "mixed"
	LevelBusiness       Level = "business"
	LevelPublicFunction Level = "public_function"
	LevelInstitution    Level = "institution"
	LevelIndirect       Level = "indirect"
)

// Verdict says whether a file may be published as far as personal data go.
type Verdict string

// The verdicts.
const (
	VerdictNone              Verdict = "none"
	VerdictInstitutionalOnly Verdict = "institutional_only"
	VerdictReview            Verdict = "review"
	VerdictBlock             Verdict = "block"
)

// Groups counts records that a combination of columns makes rare.
type Groups struct {
	Columns []string `json:"columns"`
	Below   int      `json:"below"` // the size that a group must reach
	Groups  int      `json:"groups"`
	Records int      `json:"records"`
}

// Period is a span of days, both of them included.
type Period struct {
	Start string `json:"start"`
	End   string `json:"end"`
}

// Spatial is where the records lie.
type Spatial struct {
	BBox       *[4]float64  `json:"bbox,omitempty"` // west, south, east, north in WGS 84
	BBoxNative *[4]float64  `json:"bbox_native,omitempty"`
	TERYT      string       `json:"teryt,omitempty"`
	CRS        string       `json:"crs,omitempty"`      // of the file's coordinates, as found: "EPSG:2180"
	Declared   string       `json:"declared,omitempty"` // what the file says it is
	Geometry   string       `json:"geometry,omitempty"` // Point, LineString, Polygon …
	Points     [][2]float64 `json:"points,omitempty"`   // up to 500 places in WGS 84, for a picture
}

// Indicators describes a table of indicators of a statistical system.
type Indicators struct {
	Indicators []string `json:"indicators"` // names of what is measured
	Years      []int    `json:"years"`
	Layout     string   `json:"layout"` // wide: years are columns; long: a column names the year
	Level      string   `json:"level"`  // country, voivodeship, powiat, gmina, mixed; "" when unknown
	UnitColumn string   `json:"unit_column"`
	Measure    []string `json:"measures"` // units of measure
	Flags      []string `json:"flags"`    // signs and footnote marks beside the values
}

// Names is no column (null in JSON), one (a text) or several (a list).
type Names []string
