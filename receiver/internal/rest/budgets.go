package rest

import "sync"

// Budgets gives clients whom an API counts together the same Budget. It is safe for concurrent use.
type Budgets struct {
	mu     sync.Mutex
	shared map[string]*holders
}

// holders is a budget, and how many hold it.
type holders struct {
	budget *Budget
	count  int
}

// NewBudgets returns Budgets of which none is held.
func NewBudgets() *Budgets { return &Budgets{shared: map[string]*holders{}} }

// Share returns the budget of a key, which says whom the API counts, and a function that gives it back. When the last
// one has given it back it is forgotten, with the pauses that the API asked for. Requests that are still under way then
// end as they would have; to give it back again does nothing.
func (b *Budgets) Share(key string) (budget *Budget, giveBack func()) {
	b.mu.Lock()
	defer b.mu.Unlock()
	h, ok := b.shared[key]
	if !ok {
		h = &holders{budget: newBudget()}
		b.shared[key] = h
	}
	h.count++
	return h.budget, sync.OnceFunc(func() { b.giveBack(key, h) })
}

func (b *Budgets) giveBack(key string, h *holders) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if h.count--; h.count == 0 {
		delete(b.shared, key)
	}
}
