/** Reads `some avg10` of `/proc/pressure/cpu` (Documentation/accounting/psi.rst) as a share, 0 to 1; undefined for anything else. */
export function readCpuPressure(pressure: string): number | undefined {
  const percent = /^some avg10=(\d+(?:\.\d+)?)/m.exec(pressure)?.[1]
  return percent === undefined ? undefined : Number(percent) / 100
}
