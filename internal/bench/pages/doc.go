// Package pages serves the logs of an invented Auth0 tenant that holds millions of entries: none is kept, each is written
// when it is asked for, from a template and its number.
//
// What is served is chosen through PUT /bench/log, and what was asked for is told by GET /bench/stats.
package pages
