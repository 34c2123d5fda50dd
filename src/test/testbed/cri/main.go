// Pulls and removes images through CRI, the interface by which the kubelet asks a container runtime.
//
//	cri SOCKET pull IMAGE [USER:PASSWORD]
//	cri SOCKET remove IMAGE
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	cri "k8s.io/cri-api/pkg/apis/runtime/v1"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(words []string) error {
	if len(words) < 3 || len(words) > 4 {
		return errors.New("usage: cri SOCKET pull IMAGE [USER:PASSWORD] | cri SOCKET remove IMAGE")
	}
	connection, err := grpc.NewClient("unix://"+words[0], grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		return err
	}
	defer connection.Close()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	images, image := cri.NewImageServiceClient(connection), &cri.ImageSpec{Image: words[2]}
	switch words[1] {
	case "pull":
		request := &cri.PullImageRequest{Image: image}
		if len(words) == 4 {
			user, password, _ := strings.Cut(words[3], ":")
			request.Auth = &cri.AuthConfig{Username: user, Password: password}
		}
		reply, err := images.PullImage(ctx, request)
		if err == nil {
			fmt.Println(reply.ImageRef)
		}
		return err
	case "remove":
		_, err := images.RemoveImage(ctx, &cri.RemoveImageRequest{Image: image})
		return err
	}
	return fmt.Errorf("cri: no command is called %s", words[1])
}
