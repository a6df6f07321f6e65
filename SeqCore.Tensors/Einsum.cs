namespace SeqCore;

/// <summary>The operations by which a sum in Einstein's notation is computed, of tensors or of variables.</summary>
internal sealed record EinsumOperations<T>(Func<T, Shape> Shape, Func<T, int[], T> Permute, Func<T, Shape, T> Reshape,
    Func<T, Shape, T> Broadcast, Func<T, int, T> EveryStep, Func<T, int[], T> Sum, Func<T, T, T> Multiply, Func<T, T, T> MatMul);

/// <summary>
/// Computes sums in Einstein's notation, pair by pair from the left: each pair becomes one batched matrix product over the labels
/// that end there, or a broadcast product where none does.
/// </summary>
internal static class Einsum
{
    /// <summary>Labels from here on are axes of the ellipsis, counted from the last.</summary>
    private const int EllipsisLabel = 1 << 16;

    /// <summary>Computes the sum.</summary>
    internal static T Compute<T>(string subscripts, T[] operands, EinsumOperations<T> operations) where T : class
    {
        ArgumentNullException.ThrowIfNull(subscripts);
        foreach (var operand in operands)
            ArgumentNullException.ThrowIfNull(operand, nameof(operands));
        var (inputs, output) = Parse(subscripts, Array.ConvertAll(operands, x => operations.Shape(x)));
        var sizes = Sizes(subscripts, inputs, Array.ConvertAll(operands, x => operations.Shape(x)));
        foreach (var label in output)
        {
            if (!sizes.ContainsKey(label))
                throw Wrong(subscripts, $"the output has '{(char)label}', which no operand has");
        }

        var (x, labels) = Simplify(operands[0], inputs[0], Kept(1), sizes, operations);
        for (var i = 1; i < operands.Length; i++)
        {
            var kept = Kept(i + 1);
            var needed = kept.Union(labels).ToHashSet();
            var (y, others) = Simplify(operands[i], inputs[i], needed, sizes, operations);
            (x, labels) = Simplify(x, labels, [.. kept.Union(others)], sizes, operations);
            (x, labels) = Product(x, labels, y, others, kept, sizes, operations);
        }

        return Arrange(x, labels, output, operations);

        // What the output or an operand from the given one on has.
        HashSet<int> Kept(int from) => [.. output, .. inputs.Skip(from).SelectMany(l => l)];
    }

    private static (int[][] Inputs, int[] Output) Parse(string subscripts, Shape[] shapes)
    {
        var sides = subscripts.Replace(" ", "", StringComparison.Ordinal).Split("->");
        if (sides.Length > 2)
            throw Wrong(subscripts, "there is more than one '->'");
        var terms = sides[0].Split(',');
        if (terms.Length != shapes.Length)
        {
            throw Wrong(subscripts, $"the number of its terms is {terms.Length}, that of the operands {shapes.Length}");
        }

        var most = 0;
        var inputs = new int[terms.Length][];
        for (var i = 0; i < terms.Length; i++)
        {
            var named = terms[i].Replace("...", "", StringComparison.Ordinal).Length;
            var hidden = shapes[i].Rank - named;
            var hasEllipsis = named != terms[i].Length;
            if (hidden < 0 || (hidden > 0 && !hasEllipsis))
            {
                throw Wrong(subscripts, $"the number of axes named in '{terms[i]}' is {named}, and operand {i} has shape"
                    + $" {shapes[i]}");
            }

            inputs[i] = Labels(subscripts, terms[i], hidden);
            most = Math.Max(most, hidden);
        }

        if (sides.Length == 1)
        {
            var counts = inputs.SelectMany(l => l).CountBy(l => l).ToDictionary();
            var once = counts.Where(c => c.Key < EllipsisLabel && c.Value == 1).Select(c => c.Key).Order();
            return (inputs, [.. Ellipsis(most), .. once]);
        }

        var output = Labels(subscripts, sides[1], most);
        if (output.Distinct().Count() != output.Length)
            throw Wrong(subscripts, "the output names an axis twice");
        return (inputs, output);
    }

    private static int[] Labels(string subscripts, string term, int hidden)
    {
        var parts = term.Split("...");
        if (parts.Length > 2)
            throw Wrong(subscripts, $"'{term}' has more than one '...'");
        foreach (var c in string.Concat(parts))
        {
            if (!char.IsAsciiLetter(c))
                throw Wrong(subscripts, $"'{c}' is not a letter from a to z or A to Z");
        }

        return parts.Length == 1
            ? [.. term.Select(c => (int)c)]
            : [.. parts[0].Select(c => (int)c), .. Ellipsis(hidden), .. parts[1].Select(c => (int)c)];
    }

    private static IEnumerable<int> Ellipsis(int count) => Enumerable.Range(0, count).Select(i => EllipsisLabel + count - 1 - i);

    private static Dictionary<int, int> Sizes(string subscripts, int[][] inputs, Shape[] shapes)
    {
        var sizes = new Dictionary<int, int>();
        for (var i = 0; i < inputs.Length; i++)
        {
            for (var axis = 0; axis < inputs[i].Length; axis++)
            {
                int label = inputs[i][axis], size = shapes[i][axis];
                var isHidden = label >= EllipsisLabel;
                if (!sizes.TryGetValue(label, out var known) || (isHidden && known == 1))
                    sizes[label] = size;
                else if (known != size && !(isHidden && size == 1))
                {
                    throw ShapeException.Wrong("Einsum", $"operand {i}", $"with size {known} on axis {axis}", shapes[i],
                        $"{(isHidden ? "an axis of '...'" : $"'{(char)label}'")} of '{subscripts}' has it before");
                }
            }
        }

        return sizes;
    }

    /// <summary>
    /// Takes diagonals of labels that occur twice, repeats hidden axes of size 1, and sums over labels not needed.
    /// </summary>
    private static (T X, int[] Labels) Simplify<T>(T x, int[] labels, HashSet<int> needed, Dictionary<int, int> sizes,
        EinsumOperations<T> operations)
    {
        while (labels.FirstOrDefault(l => labels.Count(m => m == l) > 1) is var twice and not 0)
        {
            // The diagonal of the two axes, which become the last ones: every (n + 1)-th of their n n elements.
            int first = Array.IndexOf(labels, twice), second = Array.IndexOf(labels, twice, first + 1), n = sizes[twice];
            int[] others = [.. Enumerable.Range(0, labels.Length).Where(i => i != first && i != second)];
            var moved = operations.Permute(x, [.. others, first, second]);
            var shape = operations.Shape(moved);
            moved = operations.Reshape(moved, new Shape([.. shape.Sizes[..^2], n * n]));
            x = operations.EveryStep(moved, n);
            labels = [.. others.Select(i => labels[i]), twice];
        }

        int[] summed = [.. Enumerable.Range(0, labels.Length).Where(i => !needed.Contains(labels[i]))];
        var wanted = new Shape([.. labels.Select(l => sizes[l])]);
        if (!operations.Shape(x).Equals(wanted))
            x = operations.Broadcast(x, wanted);
        if (summed.Length == 0)
            return (x, labels);
        return (operations.Sum(x, summed), [.. labels.Where(needed.Contains)]);
    }

    private static (T X, int[] Labels) Product<T>(T x, int[] ofX, T y, int[] ofY, HashSet<int> kept, Dictionary<int, int> sizes,
        EinsumOperations<T> operations)
    {
        int[] shared = [.. ofX.Intersect(ofY)], batch = [.. shared.Where(kept.Contains)], ended = [.. shared.Except(batch)];
        int[] onlyX = [.. ofX.Except(shared)], onlyY = [.. ofY.Except(shared)], result = [.. batch, .. onlyX, .. onlyY];
        if (ended.Length == 0)
        {
            x = Arrange(x, ofX, [.. batch, .. onlyX], operations);
            y = Arrange(y, ofY, [.. batch, .. onlyY], operations);
            x = operations.Reshape(x, Of(sizes, batch, onlyX, Array.ConvertAll(onlyY, _ => 0)));
            y = operations.Reshape(y, Of(sizes, batch, Array.ConvertAll(onlyX, _ => 0), onlyY));
            return (operations.Multiply(x, y), result);
        }

        x = Arrange(x, ofX, [.. batch, .. onlyX, .. ended], operations);
        y = Arrange(y, ofY, [.. batch, .. ended, .. onlyY], operations);
        x = operations.Reshape(x, new Shape(Count(batch), Count(onlyX), Count(ended)));
        y = operations.Reshape(y, new Shape(Count(batch), Count(ended), Count(onlyY)));
        return (operations.Reshape(operations.MatMul(x, y), Of(sizes, batch, onlyX, onlyY)), result);

        int Count(int[] labels) => Of(sizes, labels).ElementCount;
    }

    /// <summary>The sizes of labels; the label 0 stands for an axis of size 1.</summary>
    private static Shape Of(Dictionary<int, int> sizes, params ReadOnlySpan<int[]> labels)
    {
        List<int> all = [];
        foreach (var some in labels)
            all.AddRange(some.Select(l => l == 0 ? 1 : sizes[l]));
        return new Shape([.. all]);
    }

    private static T Arrange<T>(T x, int[] labels, int[] wanted, EinsumOperations<T> operations) =>
        labels.AsSpan().SequenceEqual(wanted) ? x : operations.Permute(x, [.. wanted.Select(l => Array.IndexOf(labels, l))]);

    private static ArgumentException Wrong(string subscripts, string what) =>
        new($"Einsum: '{subscripts}' cannot be computed: {what}.", nameof(subscripts));
}
