/** Of a lane of one line, and of one that holds a curve; pixels. */
export const LANE = 24
export const TALL_LANE = 36
