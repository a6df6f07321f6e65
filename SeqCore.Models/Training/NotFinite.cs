using System.Collections;
using System.Runtime.CompilerServices;

namespace SeqCore.Models;

/// <summary>Looks for NaN and infinity in a batch of whatever type, after a loss was not finite.</summary>
internal static class NotFinite
{
    /// <summary>Describes the first number that is not finite, such as <c>NaN in item 3</c>.</summary>
    /// <param name="value">A number, a tensor, or a tuple or list of these.</param>
    /// <returns>Null if all numbers are finite, or the type has none that are known.</returns>
    internal static string? In(object? value) => value switch
    {
        float number => Number(number),
        double number => Number(number),
        Tensor tensor => tensor.IsFinite() ? null : $"NaN or infinity in a tensor of shape {tensor.Shape}",
        Variable variable => In(variable.Value),
        string => null,
        ITuple tuple => Items(Enumerable.Range(0, tuple.Length).Select(i => tuple[i])),
        IEnumerable items => Items(items.Cast<object?>()),
        _ => null,
    };

    private static string? Number(double number) => double.IsFinite(number) ? null : FormattableString.Invariant($"{number}");

    private static string? Items(IEnumerable<object?> items)
    {
        var index = 0;
        foreach (var item in items)
        {
            if (In(item) is { } found)
                return $"{found} in item {index}";
            index++;
        }

        return null;
    }
}
