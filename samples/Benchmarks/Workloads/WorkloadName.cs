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
        var sizes = Array.ConvertAll(parts, p =>
            int.TryParse(p, NumberStyles.None, CultureInfo.InvariantCulture, out var size) ? size : 0);
        var letters = kind.Letters.Split('x');
        if (sizes.Length != letters.Length || sizes.Contains(0))
        {
            throw new UserException($"Workload '{text}' should be {kind.Name}/{kind.Letters}, where"
                + $" {string.Join(", ", letters)} {(letters.Length == 1 ? "is a whole number" : "are whole numbers")} from 1 to"
                + $" {int.MaxValue}.", isUsage: true);
        }

        return new WorkloadName(kind, sizes, text);
    }
}
