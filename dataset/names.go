package dataset

import "encoding/json"

// MarshalJSON writes one name as a text, for most defects concern one column.
func (n Names) MarshalJSON() ([]byte, error) {
	switch len(n) {
	case 0:
		return []byte("null"), nil
	case 1:
		return json.Marshal(n[0])
	}
	return json.Marshal([]string(n))
}

// UnmarshalJSON reads null, a text or a list.
func (n *Names) UnmarshalJSON(data []byte) error {
	var one *string
	if err := json.Unmarshal(data, &one); err == nil {
		*n = nil
		if one != nil {
			*n = Names{*one}
		}
		return nil
	}
	return json.Unmarshal(data, (*[]string)(n))
}
