using System.Globalization;
using SeqCore.Samples.Common;

namespace SeqCore.Benchmarks;

/// <summary>KIND/DIMS, for example <c>lstm_fwd/32x100x256x1024</c>: the name alone specifies what is computed.</summary>
internal sealed record WorkloadName(WorkloadKind Kind, int[] Sizes, string Text)
{
    /// <exception cref="UserException">The kind is unknown, or the sizes do not fit it.</exception>
    internal static WorkloadName Parse(string text)
    {
        var slash = text.IndexOf('/');
        var name = slash < 0 ? text : text[..slash];
        var kind = WorkloadKind.All.FirstOrDefault(k => k.Name == name) ?? throw new UserException(
            $"Unknown workload '{text}'. Known kinds:"
                + $" {string.Join(", ", WorkloadKind.All.Select(k => $"{k.Name}/{k.Letters}"))}.", isUsage: true);
        var parts = slash < 0 ? [] : text[(slash + 1)..].Split('x');
        var letters = kind.Letters.Split('x');
        if (parts.Length != letters.Length)
        {
            throw new UserException($"Workload '{text}' has {Count(parts.Length)};"
                + $" {kind.Name} takes {Count(letters.Length)}: {kind.Name}/{kind.Letters}.", isUsage: true);
        }

        var sizes = new int[parts.Length];
        for (var i = 0; i < parts.Length; i++)
        {
            if (!int.TryParse(parts[i], NumberStyles.None, CultureInfo.InvariantCulture, out sizes[i]) || sizes[i] < 1)
            {
                throw new UserException($"Workload '{text}': {letters[i]} should be a whole number from 1 to {int.MaxValue};"
                    + $" got '{parts[i]}'.", isUsage: true);
            }
        }

        return new WorkloadName(kind, sizes, text);
    }

    private static string Count(int sizes) => sizes == 1 ? "1 size" : $"{sizes} sizes";
}
