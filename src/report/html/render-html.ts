export const renderHtml = (_: unknown): string => ''
