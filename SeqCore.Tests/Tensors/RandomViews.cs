using FsCheck;
using FsCheck.Fluent;

namespace SeqCore.Tests.Tensors;

/// <summary>Random tensors, most of them views of views, each with its definition.</summary>
internal static class RandomViews
{
    /// <summary>Runs a property for many seeds; a failure names the seed.</summary>
    internal static void ForAll(Action<Random> property, int tests = 200) =>
        Prop.ForAll(Gen.Choose(0, int.MaxValue - 1).ToArbitrary(), seed => property(new Random(seed)))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(tests));

    internal static int[] Sizes(Random random, int maxRank = 4, int maxSize = 5, int minSize = 0)
    {
        var sizes = new int[random.Next(maxRank + 1)];
        for (var i = 0; i < sizes.Length; i++)
            sizes[i] = random.Next(12) == 0 ? Math.Max(minSize, 0) : random.Next(Math.Max(1, minSize), maxSize + 1);
        return sizes;
    }

    /// <summary>A contiguous tensor of small numbers with few digits, so that sums of them are exact.</summary>
    internal static (Tensor Tensor, Plain Plain) Contiguous(Random random, params int[] sizes)
    {
        var values = new float[sizes.Aggregate(1, (a, b) => a * b)];
        for (var i = 0; i < values.Length; i++)
            values[i] = random.Next(-64, 65) / 16f;
        return (Tensor.FromSpan(values, new Shape(sizes)), Plain.Of(values, sizes));
    }

    /// <summary>A tensor seen through up to four views.</summary>
    internal static (Tensor Tensor, Plain Plain) Any(Random random, int maxRank = 4, int minSize = 0)
    {
        var (tensor, plain) = Contiguous(random, Sizes(random, maxRank, minSize: minSize));
        for (var steps = random.Next(5); steps > 0; steps--)
            (tensor, plain) = Step(random, tensor, plain, minSize, maxRank);
        return (tensor, plain);
    }

    /// <summary>A view of the given sizes: a larger tensor with its axes in another order, cut down.</summary>
    internal static (Tensor Tensor, Plain Plain) OfSizes(Random random, params int[] sizes)
    {
        var order = Enumerable.Range(0, sizes.Length).ToArray();
        if (random.Next(3) > 0)
            random.Shuffle(order);
        var larger = new int[sizes.Length];
        for (var i = 0; i < sizes.Length; i++)
            larger[order[i]] = sizes[i] + random.Next(3) / 2;
        // Axis order[i] of the larger tensor becomes axis i of the view.
        var (tensor, plain) = Contiguous(random, larger);
        (tensor, plain) = (tensor.Permute(order), plain.Permute(order));
        for (var i = 0; i < sizes.Length; i++)
        {
            var start = random.Next(plain.Sizes[i] - sizes[i] + 1);
            (tensor, plain) = (tensor.Slice(i, start, sizes[i]), plain.Slice(i, start, sizes[i], 1));
        }

        return (tensor, plain);
    }

    /// <summary>Sizes that broadcast with the given ones: leading axes left out, some axes 1.</summary>
    internal static int[] Narrower(Random random, int[] sizes) =>
        [.. sizes[random.Next(sizes.Length + 1)..].Select(s => random.Next(3) == 0 ? 1 : s)];

    private static (Tensor Tensor, Plain Plain) Step(Random random, Tensor tensor, Plain plain, int minSize, int maxRank)
    {
        if (plain.Rank == 0)
            return plain.Rank < maxRank ? (tensor.Unsqueeze(0), plain.Unsqueeze(0)) : (tensor, plain);
        var axis = random.Next(plain.Rank);
        var size = plain.Sizes[axis];
        switch (random.Next(5))
        {
            case 0:
                var order = Enumerable.Range(0, plain.Rank).ToArray();
                random.Shuffle(order);
                return (tensor.Permute(order), plain.Permute(order));
            case 1:
                var step = random.Next(1, 4);
                var start = random.Next(size + 1);
                var length = random.Next(0, (size - start + step - 1) / step + 1);
                return length < minSize
                    ? (tensor, plain)
                    : (tensor.Slice(axis, start, length, step), plain.Slice(axis, start, length, step));
            case 2 when size > 0:
                var at = random.Next(size);
                return (tensor.Select(axis, random.Next(2) == 0 ? at : at - size), plain.Select(axis, at));
            case 3 when plain.Rank < maxRank:
                return (tensor.Unsqueeze(axis), plain.Unsqueeze(axis));
            case 4 when plain.Rank < maxRank:
                int[] sizes = [random.Next(1, 3), .. plain.Sizes];
                sizes[axis + 1] = size == 1 ? random.Next(Math.Max(1, minSize), 4) : size;
                return (tensor.BroadcastTo(new Shape(sizes)), plain.BroadcastTo(sizes));
            default:
                return (tensor, plain);
        }
    }
}
