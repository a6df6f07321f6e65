using System.Text.Json;

namespace SeqCore.Models;

/// <summary>Checks what special tokens are for, and writes and reads it as JSON.</summary>
internal static class SpecialRoles
{
    /// <exception cref="ArgumentException">A token is not in [0, V), or the unknown token is not a special one.</exception>
    internal static void Check(SpecialTokens special, string owner, int count, IReadOnlySet<int> specialTokens)
    {
        if (Array.Find(Of(special), r => r.Token is { } token && (uint)token >= (uint)count).Token is { } wrong)
        {
            throw new ArgumentException(
                $"{owner}: the special tokens of the options should be in [0, {count}); got {wrong}.");
        }

        if (special.Unknown is { } unknown && !specialTokens.Contains(unknown))
        {
            throw new ArgumentException($"{owner}: the unknown token should be a special one, which no text has; token"
                + $" {unknown} is not.");
        }
    }

    /// <summary>Writes an object with the number of each token that there is.</summary>
    internal static void Write(Utf8JsonWriter json, string name, SpecialTokens special)
    {
        json.WriteStartObject(name);
        foreach (var (role, token) in Of(special))
        {
            if (token is { } value)
                json.WriteNumber(role, value);
        }

        json.WriteEndObject();
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <param name="json">The object.</param>
    /// <param name="token">Reads the number of a token.</param>
    internal static SpecialTokens Read(JsonElement json, Func<JsonElement, int> token)
    {
        return new()
        {
            Padding = Role("padding"), Unknown = Role("unknown"), Start = Role("start"), End = Role("end"), Mask = Role("mask"),
        };

        int? Role(string name) => json.TryGetProperty(name, out var value) ? token(value) : null;
    }

    private static (string Role, int? Token)[] Of(SpecialTokens special) =>
    [
        ("padding", special.Padding), ("unknown", special.Unknown), ("start", special.Start), ("end", special.End),
        ("mask", special.Mask),
    ];
}
