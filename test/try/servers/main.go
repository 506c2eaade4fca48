// A Go server that ends with Shutdown, or with END=deaf as the runtime does.
package main

import (
	"context"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"
)

func main() {
	http.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) { w.Write([]byte("hello\n")) })
	http.HandleFunc("/slow", func(w http.ResponseWriter, _ *http.Request) {
		time.Sleep(800 * time.Millisecond)
		w.Write([]byte("slow\n"))
	})
	server := &http.Server{Addr: net.JoinHostPort(os.Getenv("POD_IP"), os.Getenv("PORT"))}
	if os.Getenv("END") != "deaf" {
		asked := make(chan os.Signal, 1)
		signal.Notify(asked, syscall.SIGTERM)
		ended := make(chan struct{})
		go func() {
			<-asked
			server.Shutdown(context.Background())
			close(ended)
		}()
		defer func() { <-ended }()
	}
	server.ListenAndServe()
}
