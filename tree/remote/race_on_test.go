//go:build race

package remote

const raced = true // everything takes several times as long
