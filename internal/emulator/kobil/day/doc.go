// Package day invents a believable day of a KOBIL installation: people and the devices they use, as entries of
// the shape that the log of a user has.
//
// It is repeatable: the same seed and the same calls give the same events to the last byte. What the action codes mean
// is not public; the scenes only repeat the order in which the vendor's sample shows them.
package day
