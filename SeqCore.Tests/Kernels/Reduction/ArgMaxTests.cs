using FsCheck;
using FsCheck.Fluent;
using SeqCore.Kernels;
using SeqCore.Tests.Kernels.Strided;

namespace SeqCore.Tests.Kernels.Reduction;

public class ArgMaxTests
{
    private static readonly CpuBackend Backend = new(2);

    [Fact]
    public void Finds_the_first_and_the_last_maximum_over_any_layouts_and_axes() => Prop.ForAll<int>(seed =>
    {
        var layouts = new RandomLayout(seed);
        var sizes = layouts.Sizes();
        if (sizes.Length == 0)
            return;
        var x = layouts.Operand(Backend, sizes, true);
        foreach (ref var value in x.Data.AsHostSpan())
            value = MathF.Round(value * 2);
        if (seed % 3 == 0)
            x.Data.AsHostSpan()[^1] = float.NaN;
        var axis = (int)((uint)seed % sizes.Length);
        int[] kept = [.. sizes.Where((_, i) => i != axis)];
        var indices = new DeviceSpan<int>(Backend.Rent(x.Layout.Count * 4L), 0, x.Layout.Count / sizes[axis]);
        Backend.ArgMax(x, axis, indices);

        var strides = new int[sizes.Length];
        for (int i = sizes.Length - 1, stride = 1; i >= 0; i--)
        {
            if (i == axis)
                continue;
            strides[i] = stride;
            stride *= sizes[i];
        }

        var along = new List<double>[indices.Length];
        var elements = RandomLayout.Elements(x);
        for (var i = 0; i < elements.Length; i++)
            (along[RandomLayout.Offset(new Layout(sizes, strides), i)] ??= []).Add(elements[i]);
        indices.AsHostSpan().ToArray().Should().Equal(along.Select(values => Definition.ArgMax(values.ToArray())));
        Backend.ArgMax(x, axis, indices, last: true);
        indices.AsHostSpan().ToArray().Should().Equal(along.Select(values => Definition.ArgMax(values.ToArray(), last: true)));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Wrong_arguments_are_named()
    {
        var x = new RandomLayout(1).Operand(Backend, [2, 3], false);
        var indices = new DeviceSpan<int>(Backend.Rent(64), 0, 3);
        FluentActions.Invoking(() => Backend.ArgMax(x, 2, indices))
            .Should().Throw<ArgumentOutOfRangeException>().WithMessage("*axes 0 to 1*");
        FluentActions.Invoking(() => Backend.ArgMax(x, 1, indices))
            .Should().Throw<ArgumentException>().WithMessage("*indices should have 2 elements; got 3*");
    }
}
