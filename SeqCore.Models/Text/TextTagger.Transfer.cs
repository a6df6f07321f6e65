namespace SeqCore.Models;

// The weights of a tagger that was trained for other tags, with which training can start.
public sealed partial class TextTagger
{
    private const string TokenRows = "encoder.embedding.weight", CharacterRows = "characters.embedding.weight";

    /// <summary>
    /// Copies the weights of another tagger, whose tags may be others, so that training continues what it has learned of words,
    /// their characters and their contexts. The parts below are copied, each only if it has the same sizes in both models:
    /// <list type="bullet">
    /// <item>the embeddings of the special tokens, and of each token of this vocabulary that the other one knows;</item>
    /// <item>those of the characters in the same way, together with all convolutions over them;</item>
    /// <item>the layers of the encoder.</item>
    /// </list>
    /// The last layer and the conditional random field, which belong to the tags, keep their own values.
    /// </summary>
    /// <param name="other">The other tagger, which does not change.</param>
    /// <returns>What was copied, and what was not.</returns>
    /// <exception cref="ArgumentException">No part has the same sizes in both models, or both are the same.</exception>
    public TaggerTransfer StartFrom(TextTagger other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (ReferenceEquals(other, this))
            throw new ArgumentException($"{Kind}: {nameof(StartFrom)} needs another model; got the same.", nameof(other));
        using var scope = new TensorScope("transfer");
        var theirs = other.NamedParameters().ToDictionary();
        var own = NamedParameters().ToArray();
        var copied = new HashSet<string>(StringComparer.Ordinal);
        var (tokens, characters) = (0, 0);
        if (CopyRows(TokenRows, Vocabulary.Units, unit => other.Vocabulary.Encode([unit])[0]) is { } known)
            tokens = known;
        if (other.Characters is { } spelling && CopyPart("characters.convolutions.") > 0
            && CopyRows(CharacterRows, Characters!.Units, unit => spelling.Encode(unit)[0]) is { } spelled)
            characters = spelled;
        CopyPart("encoder.", TokenRows);
        if (copied.Count == 0)
        {
            throw new ArgumentException($"{Kind}: nothing can be copied from the other model, since no part has the same sizes in"
                + $" both. Hint: give {nameof(TextTaggerOptions.Encoder)} the other model's sizes.", nameof(other));
        }

        return new TaggerTransfer(tokens, characters, [.. own.Select(p => p.Key).Where(copied.Contains)],
            [.. own.Select(p => p.Key).Where(n => !copied.Contains(n))]);

        // The number of units whose rows were copied; null if rows have other widths.
        int? CopyRows(string name, IReadOnlyList<string> units, Func<string, int> rowOf)
        {
            var (to, from) = (own.First(p => p.Key == name).Value.Value, theirs[name].Value);
            var width = to.Shape[1];
            if (from.Shape[1] != width)
                return null;
            var (values, source) = (to.ToArray(), from.ToArray());
            source.AsSpan(0, SpecialToken.Count * width).CopyTo(values);
            var count = 0;
            for (var i = 0; i < units.Count; i++)
            {
                var row = rowOf(units[i]);
                if (row == SpecialToken.Unknown)
                    continue;
                source.AsSpan(row * width, width).CopyTo(values.AsSpan((SpecialToken.Count + i) * width));
                count++;
            }

            to.CopyFrom(Tensor.FromSpan(values, to.Shape, to.Backend));
            copied.Add(name);
            return count;
        }

        // The number of copied parameters whose names begin so: all of them, or none if one has another shape.
        int CopyPart(string prefix, string? except = null)
        {
            var part = own.Where(p => p.Key.StartsWith(prefix, StringComparison.Ordinal) && p.Key != except).ToArray();
            if (!part.All(p => theirs.TryGetValue(p.Key, out var same) && same.Shape.Equals(p.Value.Shape)))
                return 0;
            foreach (var (name, parameter) in part)
            {
                var value = parameter.Value;
                value.CopyFrom(Tensor.FromSpan(theirs[name].Value.ToArray(), value.Shape, value.Backend));
                copied.Add(name);
            }

            return part.Length;
        }
    }
}
