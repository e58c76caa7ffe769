// Package day invents a believable day of a Canvas installation: people who log in, and some who log out, with the page
// views that tell from where.
//
// It is repeatable: the same seed and the same calls give the same events to the last byte.
package day
