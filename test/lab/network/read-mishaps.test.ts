import { expect, it } from 'vitest'
import { readMishaps } from '../../../src/lab/network/kernel/read-mishaps.ts'

/** As nft 1.0.6 prints it. */
const LISTING = `table ip podtank-truth {
	set opened {
		type ipv4_addr . inet_service
		size 262144
		flags dynamic,timeout
		timeout 10s
		elements = { 198.18.0.9 . 51678 expires 6s348ms, 198.18.0.1 . 9 expires 9s999ms,
			     198.18.0.9 . 51688 timeout 10s expires 9s424ms }
	}

	set refused {
		type ipv4_addr . inet_service
		size 262144
		flags dynamic,timeout
		timeout 10s
	}

	set left {
		type ipv4_addr . inet_service
		timeout 10s
		elements = { 198.18.0.2 . 40000 expires 1s }
	}

	set foreign {
		elements = { 198.18.0.2 . 40000 expires 1s, 198.18.0.1 . 9 expires 1s }
	}

	chain from-pod {
		tcp flags syn,rst delete @opened { ip saddr . tcp dport }
	}
}
`

it('tells when each mishap was, by the tick in the same set; a set without a tick says nothing', () => {
  expect(readMishaps(LISTING)).toEqual([
    { mishap: 'opened', address: '198.18.0.9', clientPort: 51_678, afterTickUs: -3_651_000 },
    { mishap: 'opened', address: '198.18.0.9', clientPort: 51_688, afterTickUs: -575_000 },
  ])
})
