package cloud

import (
	"bufio"
	"net"
	"net/http"
)

// recordingWriter tells the recorder the status. It unwraps for http.ResponseController, so that an interceptor can
// flush or hijack.
type recordingWriter struct {
	http.ResponseWriter
	recorder      *recorder
	number, epoch int
	answered      bool
}

func (w *recordingWriter) WriteHeader(status int) {
	if !w.answered && status >= http.StatusOK {
		w.answered = true
		w.recorder.answered(w.number, w.epoch, status, w.Header())
	}
	w.ResponseWriter.WriteHeader(status)
}

func (w *recordingWriter) Write(p []byte) (int, error) {
	if !w.answered {
		w.WriteHeader(http.StatusOK)
	}
	return w.ResponseWriter.Write(p)
}

// Flush sends what is written so far, where the server can.
func (w *recordingWriter) Flush() {
	if !w.answered {
		w.WriteHeader(http.StatusOK)
	}
	_ = http.NewResponseController(w.ResponseWriter).Flush() // a server that cannot flush sends later
}

// Hijack takes the connection over, for interceptors that cut it; the status of such a request stays 0.
func (w *recordingWriter) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	return http.NewResponseController(w.ResponseWriter).Hijack()
}

// Unwrap lets http.ResponseController reach the server's own writer.
func (w *recordingWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }
