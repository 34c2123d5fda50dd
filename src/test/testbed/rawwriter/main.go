// Command rawwriter sends prepared POST requests to an API server as fast as it accepts them, for `make bench`.
//
// Usage: rawwriter URL CA_FILE CERT_FILE KEY_FILE IN_FLIGHT REQUESTS_FILE
//
// A line of the requests file is a path, a tab and a JSON body. It uses one HTTP/2 connection and prints one line:
// how many requests were answered 201, and in how many seconds. Any other answer ends it with status 1.
package main

import (
	"bufio"
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"net/http"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"
)

type request struct{ path, body string }

func main() {
	if len(os.Args) != 7 {
		fail(fmt.Errorf("usage: rawwriter URL CA_FILE CERT_FILE KEY_FILE IN_FLIGHT REQUESTS_FILE"))
	}
	client := newClient(os.Args[2], os.Args[3], os.Args[4])
	inFlight, err := strconv.Atoi(os.Args[5])
	fail(err)
	requests := read(os.Args[6])

	queue := make(chan request)
	var workers sync.WaitGroup
	start := time.Now()
	for range inFlight {
		workers.Go(func() {
			for r := range queue {
				post(client, os.Args[1]+r.path, r.body)
			}
		})
	}
	for _, r := range requests {
		queue <- r
	}
	close(queue)
	workers.Wait()
	fmt.Printf("%d %.3f\n", len(requests), time.Since(start).Seconds())
}

func newClient(ca, cert, key string) *http.Client {
	pem, err := os.ReadFile(ca)
	fail(err)
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(pem)
	pair, err := tls.LoadX509KeyPair(cert, key)
	fail(err)
	return &http.Client{Transport: &http.Transport{
		ForceAttemptHTTP2: true,
		TLSClientConfig:   &tls.Config{RootCAs: roots, Certificates: []tls.Certificate{pair}},
	}}
}

func read(file string) []request {
	f, err := os.Open(file)
	fail(err)
	defer f.Close()
	var requests []request
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 2<<20)
	for lines.Scan() {
		path, body, found := strings.Cut(lines.Text(), "\t")
		if !found {
			fail(fmt.Errorf("a line without a tab"))
		}
		requests = append(requests, request{path, body})
	}
	fail(lines.Err())
	return requests
}

func post(client *http.Client, url, body string) {
	response, err := client.Post(url, "application/json", bytes.NewReader([]byte(body)))
	fail(err)
	_, err = io.Copy(io.Discard, response.Body)
	fail(err)
	response.Body.Close()
	if response.StatusCode != http.StatusCreated {
		fail(fmt.Errorf("%s answered %s", url, response.Status))
	}
}

func fail(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
