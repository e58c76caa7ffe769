// Package auth0 is an Auth0 tenant in process: an http.Handler that answers the part of the Management API that reads
// logs, and the token endpoint, as Auth0 really answers them, oddities included. It serves the tests of the receiver
// and cmd/userlog-emulator.
//
// What is real and what is not: orders, paging windows, headers, status codes and bodies follow recorded answers and
// the vendor's documentation; each place names its source. Where nothing public settles a behaviour, the comment says
// "unverified". Not emulated: compression, TLS, scopes of a token, fields and include_fields of log events; retention happens
// when a test calls for it.
package auth0
