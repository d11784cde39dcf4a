package chat

import (
	"strings"
	"testing"

	"referent/internal/message"
	"referent/rag"
)

func rendered(t *testing.T, a rag.Answer) string {
	t.Helper()
	catalogue, err := message.Load()
	if err != nil {
		t.Fatal(err)
	}
	body, err := render(catalogue.In("pl"), a, "1")
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(string(body))
}

func TestRender(t *testing.T) {
	one := []rag.Citation{{N: 1, Label: "art. 5 k.p.a.", Document: "d", Key: "art=5", Start: 3, End: 9}}
	const link = `<a class="cite" href="/zrodlo/d?end=9&amp;start=3&amp;unit=art%3D5#cytat" data-card="zrodlo-1-1">art. 5 k.p.a.</a>`
	const mark = ` <span class="claim-mark">bez pokrycia w źródle</span>`
	for name, x := range map[string]struct {
		answer rag.Answer
		want   string
	}{
		"citation":        {rag.Answer{Answer: "Tak [1].", Citations: one}, `<p>Tak ` + link + `.</p>`},
		"unknown marker":  {rag.Answer{Answer: "Tak [7].", Citations: one}, `<p>Tak [7].</p>`},
		"emphasis":        {rag.Answer{Answer: "**Tak** i *nie*"}, `<p><strong>Tak</strong> i <em>nie</em></p>`},
		"quotations":      {rag.Answer{Answer: "„a”\n„b”"}, "<p>„a”</p>\n<p>„b”</p>"},
		"line break":      {rag.Answer{Answer: "a\nb", Model: "m"}, "<p>a<br>\nb</p>"},
		"list":            {rag.Answer{Answer: "- a\n- b", Model: "m"}, "<ul>\n<li>a</li>\n<li>b</li>\n</ul>"},
		"no link":         {rag.Answer{Answer: "[x](https://example.org)"}, `<p>[x](https://example.org)</p>`},
		"no picture":      {rag.Answer{Answer: "![x](https://example.org/a.png)"}, `<p>![x](https://example.org/a.png)</p>`},
		"no markup":       {rag.Answer{Answer: "a<b onclick=x>c</b>"}, `<p>a&lt;b onclick=x&gt;c&lt;/b&gt;</p>`},
		"claims":          {rag.Answer{Answer: "Raz. Dwa.", Claims: []rag.Claim{{Text: "Raz.", Supported: true}, {Text: "Dwa."}}}, `<p>Raz. Dwa.` + mark + `</p>`},
		"same sentence":   {rag.Answer{Answer: "Raz. Raz.", Claims: []rag.Claim{{Text: "Raz.", Supported: true}, {Text: "Raz."}}}, `<p>Raz. Raz.` + mark + `</p>`},
		"claim not found": {rag.Answer{Answer: "Raz.", Claims: []rag.Claim{{Text: "Dwa."}}}, `<p>Raz.</p>`},
		"forged sign":     {rag.Answer{Answer: "Raz[\uE000]."}, `<p>Raz[].</p>`},
		"hostile label": {rag.Answer{Answer: "[1]", Citations: []rag.Citation{{N: 1, Label: `"><script>`, Document: `"><x`}}},
			`<p><a class="cite" href="/zrodlo/%22%3E%3Cx" data-card="zrodlo-1-1">&#34;&gt;&lt;script&gt;</a></p>`},
	} {
		if got := rendered(t, x.answer); got != x.want {
			t.Errorf("%s:\ngot  %s\nwant %s", name, got, x.want)
		}
	}
}
