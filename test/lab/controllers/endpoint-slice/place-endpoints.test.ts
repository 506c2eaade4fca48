import { expect, test } from 'vitest'
import type { Endpoint } from '../../../../src/lab/api/kinds/endpoint-slice.ts'
import { placeEndpoints } from '../../../../src/lab/controllers/endpoint-slice/place-endpoints.ts'

const endpoint = (index: number): Endpoint => ({
  addresses: [`198.18.0.${String(index)}`],
  conditions: { ready: true, serving: true, terminating: false },
})

const endpoints = (from: number, to: number): Endpoint[] =>
  Array.from({ length: to - from }, (_, index) => endpoint(from + index))

const sizes = (slices: readonly (readonly Endpoint[])[]): number[] =>
  slices.map((slice) => slice.length)

test('a slice takes 100 endpoints', () => {
  expect(sizes(placeEndpoints([], endpoints(0, 250)))).toEqual([100, 100, 50])
})

test('endpoints stay where they are, new ones go to the fullest slice that has room', () => {
  const existing = [endpoints(0, 60), endpoints(100, 190)]
  const placed = placeEndpoints(existing, [...endpoints(0, 60), ...endpoints(100, 205)])
  expect(sizes(placed)).toEqual([65, 100])
  expect(placed[0]?.slice(0, 60)).toEqual(existing[0])
  expect(placed[1]?.slice(0, 90)).toEqual(existing[1])
})

test('a slice whose endpoints are gone is empty', () => {
  expect(sizes(placeEndpoints([endpoints(0, 10), endpoints(10, 20)], endpoints(10, 20)))).toEqual([
    0, 10,
  ])
})
