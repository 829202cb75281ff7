/** Control and format characters (escapes, carriage returns, turned writing), and what is no character; but line ends and tabs. */
const UNSAFE = /[^\P{C}\n\t]/gu

/** What a device, a peer or a file says must not move the cursor of a terminal, nor look like another line. */
export const safeText = (text: string): string => text.replaceAll(UNSAFE, '·')

/** The same where the text is to stay on one line. */
export const safeLine = (text: string): string => text.replaceAll(/\p{C}/gu, '·')
