package lead

import (
	"context"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
)

// jumps makes a Lead's clock one that can be moved, as a process sees it that stood still.
func jumps(l *Lead) (jump func(time.Duration)) {
	var offset atomic.Int64
	l.now = func() time.Time { return time.Now().Add(time.Duration(offset.Load())) }
	return func(d time.Duration) { offset.Add(int64(d)) }
}

func TestProcessThatStoodStillWaitsForItsElector(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var jump func(time.Duration)
		r := run(t, func(l *Lead) { jump = jumps(l); l.Start(context.Background()) })
		time.Sleep(time.Hour + tick/2)
		r.said(t, "leads, work")

		jump(20 * time.Second)
		time.Sleep(tick + tick/4)
		r.said(t, "leads, work, end, stood 20s")
		time.Sleep(stallPause - tick)
		synctest.Wait()
		r.said(t, "leads, work, end, stood 20s")
		time.Sleep(tick)
		r.said(t, "leads, work, end, stood 20s, leads, work")
	})
}

func TestElectorEndsThePause(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var jump func(time.Duration)
		r := run(t, func(l *Lead) { jump = jumps(l); l.Start(context.Background()) })
		jump(time.Minute)
		time.Sleep(tick)
		synctest.Wait()
		r.Stop()
		synctest.Wait()
		r.said(t, "leads, work, end, stood 1m0s, waits")
		time.Sleep(2 * stallPause)
		r.said(t, "leads, work, end, stood 1m0s, waits")

		jump(time.Minute) // of one who waits
		time.Sleep(2 * tick)
		r.Start(context.Background())
		synctest.Wait()
		r.said(t, "leads, work, end, stood 1m0s, waits, leads, work")
	})
}

func TestBusyMachineIsNoReasonToStop(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var jump func(time.Duration)
		r := run(t, func(l *Lead) { jump = jumps(l); l.Start(context.Background()) })
		for range 100 {
			jump(stallAfter)
			time.Sleep(tick)
			jump(-stallAfter) // and a clock that is set back is none
			time.Sleep(tick)
		}
		r.said(t, "leads, work")
	})
}

// A machine that was suspended: only the clock on the wall went on.
func TestEitherClockTells(t *testing.T) {
	t.Parallel()
	now := time.Now()
	wall := now.Round(0)
	assert.Equal(t, time.Minute, passed(now, now.Add(time.Minute)))
	assert.Equal(t, time.Minute, passed(wall, wall.Add(time.Minute)))
	assert.LessOrEqual(t, passed(wall, wall.Add(-time.Minute)), time.Duration(0))
}
