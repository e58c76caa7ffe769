// Package kobil is an installation of KOBIL's Digitanium in process: an http.Handler that answers the log of a user, as
// SSMS and as SHIFT, and the token endpoint of its Keycloak. It serves the tests of the receiver and
// cmd/userlog-emulator.
//
// What is real and what is not: paths, the fields and order of an entry, the envelopes and the three statuses are those
// of the vendor's page "User Logs" (its sample and its table contradict each other, hence [Envelope] and [More]); the
// token endpoint follows Keycloak's source. Nothing else about this API is public: places where something had to be
// chosen say "unverified". Not emulated: TLS (the real one refuses plain HTTP), scopes of a token, retention.
package kobil
