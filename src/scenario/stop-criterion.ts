/** One of Tank's autostop criteria; levels are counts a second or shares (0 to 1), times are µs. */
export type StopCriterion = {
  /** As the file has it. */
  readonly text: string
  /** Only requests with this tag; absent: all. */
  readonly tag?: string
} & (
  | { readonly kind: 'time'; readonly limitUs: number; readonly windowUs: number }
  | {
      readonly kind: 'quantile'
      /** 0 to 1. */
      readonly quantile: number
      readonly limitUs: number
      readonly windowUs: number
    }
  | { readonly kind: 'limit'; readonly durationUs: number }
  | {
      readonly kind: 'http' | 'net' | 'total_http' | 'total_net' | 'negative_http' | 'negative_net'
      /** `5xx`; `x` is any one digit. */
      readonly mask: string
      readonly level: StopLevel
      readonly windowUs: number
    }
  | { readonly kind: 'instances'; readonly level: StopLevel; readonly windowUs: number }
  | {
      readonly kind: 'total_time'
      readonly limitUs: number
      readonly level: StopLevel
      readonly windowUs: number
    }
  | { readonly kind: 'http_trend'; readonly mask: string; readonly windowUs: number }
  | {
      readonly kind: 'metric_higher' | 'metric_lower'
      /** A host's name, `*` standing for anything. */
      readonly host: string
      readonly metric: string
      readonly value: number
      readonly windowUs: number
    }
)

export type StopLevel =
  | { readonly unit: 'count'; readonly count: number }
  | { readonly unit: 'share'; readonly share: number }
