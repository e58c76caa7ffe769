// Package rig is what the tests of this module share: the built collector as a child process, and the emulated clouds
// that it reads. Each test brings the backend.
//
// All of it talks to loopback only. Nothing here is safe for concurrent use unless it says so.
package rig
