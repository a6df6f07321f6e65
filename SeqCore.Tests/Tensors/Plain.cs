namespace SeqCore.Tests.Tensors;

/// <summary>
/// The definition that tensors are compared with: a shape and a function from indices to values, evaluated in plain loops.
/// </summary>
internal sealed record Plain(int[] Sizes, Func<int[], double> At)
{
    internal static Plain Of(float[] values, params int[] sizes) => new(sizes, index =>
    {
        var flat = 0;
        for (var i = 0; i < sizes.Length; i++)
            flat = flat * sizes[i] + index[i];
        return values[flat];
    });

    internal int Rank => Sizes.Length;

    internal double[] Values => [.. Indices(Sizes).Select(At)];

    internal float[] Floats => [.. Indices(Sizes).Select(i => (float)At(i))];

    internal static IEnumerable<int[]> Indices(int[] sizes)
    {
        var count = sizes.Aggregate(1, (a, b) => a * b);
        for (var flat = 0; flat < count; flat++)
        {
            var index = new int[sizes.Length];
            for (int i = sizes.Length - 1, rest = flat; i >= 0; i--)
            {
                index[i] = rest % sizes[i];
                rest /= sizes[i];
            }

            yield return index;
        }
    }

    internal Plain Permute(int[] order) => new([.. order.Select(a => Sizes[a])], index =>
    {
        var own = new int[index.Length];
        for (var i = 0; i < index.Length; i++)
            own[order[i]] = index[i];
        return At(own);
    });

    internal Plain Slice(int axis, int start, int length, int step) => new(With(axis, length), index =>
    {
        int[] own = [.. index];
        own[axis] = start + step * own[axis];
        return At(own);
    });

    internal Plain Select(int axis, int at) =>
        new([.. Sizes[..axis], .. Sizes[(axis + 1)..]], index => At([.. index[..axis], at, .. index[axis..]]));

    internal Plain Unsqueeze(int axis) =>
        new([.. Sizes[..axis], 1, .. Sizes[axis..]], index => At([.. index[..axis], .. index[(axis + 1)..]]));

    internal Plain BroadcastTo(int[] sizes) => new(sizes, index =>
    {
        var own = index[(sizes.Length - Rank)..];
        for (var i = 0; i < own.Length; i++)
            own[i] = Sizes[i] == 1 ? 0 : own[i];
        return At(own);
    });

    /// <summary>Joins the values along the axes in lists, the axes staying with size 1.</summary>
    internal Plain Reduce(int[] axes, Func<double[], double> join)
    {
        int[] kept = [.. Sizes.Select((s, i) => axes.Contains(i) ? 1 : s)];
        int[] inner = [.. Sizes.Select((s, i) => axes.Contains(i) ? s : 1)];
        return new(kept, index => join([.. Indices(inner).Select(j => At([.. index.Zip(j, (a, b) => a + b)]))]));
    }

    internal static Plain Map(Plain x, Plain y, Func<double, double, double> f)
    {
        var rank = Math.Max(x.Rank, y.Rank);
        var sizes = new int[rank];
        for (var i = 1; i <= rank; i++)
        {
            var a = i <= x.Rank ? x.Sizes[^i] : 1;
            sizes[^i] = a == 1 && i <= y.Rank ? y.Sizes[^i] : a;
        }

        var (left, right) = (x.BroadcastTo(sizes), y.BroadcastTo(sizes));
        return new(sizes, index => f(left.At(index), right.At(index)));
    }

    internal Plain Map(Func<double, double> f) => new(Sizes, index => f(At(index)));

    internal void ShouldBe(Tensor tensor)
    {
        tensor.Shape.Should().Equal(Sizes);
        tensor.ToArray().Should().Equal(Floats);
    }

    /// <summary>1 means true and 0 false.</summary>
    internal void ShouldBe(BoolTensor mask)
    {
        mask.Shape.Should().Equal(Sizes);
        mask.ToArray().Should().Equal(Values.Select(v => v != 0));
    }

    internal void ShouldBeNear(Tensor tensor, double tolerance = 1e-5)
    {
        tensor.Shape.Should().Equal(Sizes);
        var actual = tensor.ToArray();
        var expected = Values;
        for (var i = 0; i < actual.Length; i++)
        {
            actual[i].Should().BeApproximately((float)expected[i], (float)(tolerance * (1 + Math.Abs(expected[i]))),
                "at element {0} of {1}", i, tensor.Shape);
        }
    }

    private int[] With(int axis, int size)
    {
        int[] sizes = [.. Sizes];
        sizes[axis] = size;
        return sizes;
    }
}
