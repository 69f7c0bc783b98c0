/** A user as it can be typed: what would be read as a host, a scheme, a parameter or a blank is percent-escaped. */
export const dialable = (user: string): string =>
  user.replace(/[^\w+*#.!~'()$&,=-]/g, (character) => {
    const code = character.codePointAt(0)!;
    return code < 0x80
      ? `%${code.toString(16).toUpperCase().padStart(2, '0')}`
      : encodeURIComponent(character);
  });
