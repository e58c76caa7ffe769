//go:build !race

package userlogreceiver

const raced = false
