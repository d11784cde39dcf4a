package webtest

import (
	"context"

	"referent/rag"
)

// AskableOf gives the articles of a document and, of one without units, its text.
func (o *Office) AskableOf(ctx context.Context, document string, _ rag.Hand) ([]rag.Askable, error) {
	d, err := o.Document(ctx, document)
	if err != nil {
		return nil, err
	}
	var units []rag.Askable
	seen := map[string]bool{}
	for i, u := range d.Units {
		if u.Article == "" || seen[u.Article] || u.Status == rag.StatusRepealed {
			continue
		}
		seen[u.Article] = true
		units = append(units, rag.Askable{
			Document: d.ID, Collection: d.Collection, About: d.About(), Title: d.Title, Key: u.Key, Citation: u.Citation,
			Passage: int64(i + 1), Span: u.Span,
		})
	}
	if len(units) == 0 {
		span := rag.Span{End: len([]rune(d.Text))}
		units = append(units, rag.Askable{Document: d.ID, About: d.About(), Title: d.Title, Key: rag.TextKey("0123456789ab"), Passage: 1, Span: span})
	}
	return units, nil
}

// AskableText gives the text of a unit.
func (o *Office) AskableText(ctx context.Context, u rag.Askable) (string, error) {
	d, err := o.Document(ctx, u.Document)
	if err != nil {
		return "", err
	}
	return string([]rune(d.Text)[u.Start:u.End]), nil
}

// AskedOf gives the questions that stand.
func (o *Office) AskedOf(ctx context.Context, document string) ([]rag.AskedQuestion, error) {
	return o.questionsOf(ctx, document, false)
}

// TakenOff gives the questions that were taken off.
func (o *Office) TakenOff(ctx context.Context, document string) ([]rag.AskedQuestion, error) {
	return o.questionsOf(ctx, document, true)
}

func (o *Office) questionsOf(ctx context.Context, document string, off bool) ([]rag.AskedQuestion, error) {
	units, err := o.AskableOf(ctx, document, rag.Hand{})
	if err != nil {
		return nil, err
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	var some []rag.AskedQuestion
	for _, q := range o.everyday[document] {
		for _, u := range units {
			if u.Key == q.Key && q.TakenOff == off {
				q.Passage = u.Passage
				some = append(some, q)
			}
		}
	}
	return some, nil
}

// EditQuestions changes the questions of a document.
func (o *Office) EditQuestions(_ context.Context, document string, edit rag.QuestionEdit) (added []int64, err error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.everyday == nil {
		o.everyday = map[string][]rag.AskedQuestion{}
	}
	mark := func(ids []int64, off bool) error {
		for _, id := range ids {
			if id < 1 || id > int64(len(o.everyday[document])) {
				return &rag.Error{Code: rag.CodeNotFound}
			}
			o.everyday[document][id-1].TakenOff = off
		}
		return nil
	}
	if err := mark(edit.TakeOff, true); err != nil {
		return nil, err
	}
	if err := mark(edit.Restore, false); err != nil {
		return nil, err
	}
	for _, q := range edit.Add {
		id := int64(len(o.everyday[document]) + 1)
		o.everyday[document] = append(o.everyday[document], rag.AskedQuestion{EverydayQuestion: q, ID: id, Origin: edit.Origin})
		added = append(added, id)
	}
	return added, nil
}
