package shell

import (
	"bytes"
	"fmt"
	"html/template"
	"io/fs"
	"path"
	"strings"
	"text/template/parse"

	"referent/internal/message"
)

// templates holds a set for each feature and language. A set is bound to its
// language when it is parsed, so that no template has to carry a printer.
type templates struct {
	sets map[string]*template.Template // "pl/chat"
}

func parseTemplates(files fs.FS, catalogue *message.Catalogue) (*templates, error) {
	folders, err := fs.ReadDir(files, ".")
	if err != nil {
		return nil, fmt.Errorf("templates: %w", err)
	}
	t := &templates{map[string]*template.Template{}}
	for _, lang := range message.Languages {
		printer := catalogue.In(lang)
		for _, folder := range folders {
			patterns := []string{"shell/*.html"}
			if own := path.Join(folder.Name(), "*.html"); own != patterns[0] {
				if found, err := fs.Glob(files, own); err != nil || len(found) == 0 {
					return nil, fmt.Errorf("templates: %s has none: %w", folder.Name(), err)
				}
				patterns = append(patterns, own)
			}
			set, err := template.New(folder.Name()).Funcs(functions(printer)).Option("missingkey=error").ParseFS(files, patterns...)
			if err != nil {
				return nil, fmt.Errorf("templates of %s: %w", folder.Name(), err)
			}
			if err := checkSet(set, printer); err != nil {
				return nil, fmt.Errorf("templates of %s in %s: %w", folder.Name(), lang, err)
			}
			t.sets[lang+"/"+folder.Name()] = set
		}
	}
	return t, nil
}

func functions(p *message.Printer) template.FuncMap {
	return template.FuncMap{
		"t": func(id string, data ...any) string {
			if len(data) > 0 {
				return p.Text(id, data[0])
			}
			return p.Text(id, nil)
		},
		"n":     p.Plural,
		"date":  func(iso string) string { return Date(p, iso) },
		"time":  Moment,
		"bytes": func(n any) (string, error) { return anyBytes(p, n) },
	}
}

// execute fills a buffer, so that a template that fails leaves the response untouched.
func (t *templates) execute(lang, feature, name string, data any) (*bytes.Buffer, error) {
	set := t.sets[lang+"/"+feature]
	if set == nil {
		return nil, fmt.Errorf("no templates of %q in %q", feature, lang)
	}
	var buffer bytes.Buffer
	if err := set.ExecuteTemplate(&buffer, name, data); err != nil {
		return nil, fmt.Errorf("template %s/%s: %w", feature, name, err)
	}
	return &buffer, nil
}

// checkSet finds templates and texts that are used but do not exist: html/template
// itself would find the first only when a page is asked for, the second never.
func checkSet(set *template.Template, p *message.Printer) error {
	for _, t := range set.Templates() {
		if t.Tree == nil {
			continue
		}
		var problem error
		walk(t.Tree.Root, func(node parse.Node) {
			switch n := node.(type) {
			case *parse.TemplateNode:
				if found := set.Lookup(n.Name); found == nil || found.Tree == nil {
					problem = fmt.Errorf("%s uses template %q, which is not declared", t.Name(), n.Name)
				}
			case *parse.CommandNode:
				if id, ok := textID(n); ok && !p.Has(id) {
					problem = fmt.Errorf("%s uses text %q, which the catalogue does not have", t.Name(), id)
				}
			}
		})
		if problem != nil {
			return problem
		}
	}
	return nil
}

// textID gives the identifier of a call {{t "id"}} or {{n "id" …}}.
func textID(n *parse.CommandNode) (string, bool) {
	if len(n.Args) < 2 {
		return "", false
	}
	name, ok := n.Args[0].(*parse.IdentifierNode)
	if !ok || (name.Ident != "t" && name.Ident != "n") {
		return "", false
	}
	id, ok := n.Args[1].(*parse.StringNode)
	if !ok || strings.HasSuffix(id.Text, ".") {
		return "", false
	}
	return id.Text, true
}

func walk(node parse.Node, visit func(parse.Node)) {
	switch n := node.(type) {
	case *parse.ListNode:
		if n == nil {
			return
		}
		for _, child := range n.Nodes {
			walk(child, visit)
		}
	case *parse.ActionNode:
		walk(n.Pipe, visit)
	case *parse.PipeNode:
		if n == nil {
			return
		}
		for _, command := range n.Cmds {
			walk(command, visit)
		}
	case *parse.CommandNode:
		visit(n)
		for _, arg := range n.Args {
			walk(arg, visit)
		}
	case *parse.TemplateNode:
		visit(n)
		walk(n.Pipe, visit)
	case *parse.IfNode:
		walkBranch(&n.BranchNode, visit)
	case *parse.RangeNode:
		walkBranch(&n.BranchNode, visit)
	case *parse.WithNode:
		walkBranch(&n.BranchNode, visit)
	}
}

func walkBranch(n *parse.BranchNode, visit func(parse.Node)) {
	walk(n.Pipe, visit)
	walk(n.List, visit)
	walk(n.ElseList, visit)
}
