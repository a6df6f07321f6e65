using ILGPU;
using SeqCore.Kernels;

namespace SeqCore.Tests.Kernels.Gpu;

public class KernelLayoutTests
{
    [Fact]
    public void No_kernel_of_the_library_depends_on_how_its_arguments_are_nested() =>
        PtxCompiler.Kernels().Select(KernelLayout.Fault).Where(f => f is not null).Distinct().Should().BeEmpty();

    [Fact]
    public void A_field_after_a_padded_struct_is_at_fault() => KernelLayout.Fault(typeof(AfterPadding)).Should()
        .Be("the padding inside a nested struct moves AfterPadding.Columns from byte 36 to byte 40, and ILGPU confuses"
            + " structs that differ in their nesting alone. Add an int to the nested struct, or do not nest it");

    [Fact]
    public void A_struct_that_starts_later_than_its_first_field_could_is_at_fault() =>
        KernelLayout.Fault(typeof(BeforeAlignment)).Should().Contain("moves BeforeAlignment.Inner.First from byte 4 to byte 8");

    [Fact]
    public void Elements_of_a_view_are_looked_at_too() => KernelLayout.Fault(typeof(OfPaddedElements)).Should()
        .Contain("moves OfPaddedElements.Items[].Last from byte 12 to byte 16");

    [Theory, InlineData(typeof(Filled)), InlineData(typeof(Last)), InlineData(typeof(Flat)), InlineData(typeof(Nothing))]
    public void Other_structs_are_right(Type kernel) => KernelLayout.Fault(kernel).Should().BeNull();

    [Fact]
    public void Such_a_kernel_is_an_error_when_it_is_launched()
    {
        using var backend = HostAccelerator.NewBackend();
        backend.Invoking(b => b.Launch(default(AfterPadding), 1)).Should().Throw<DeviceException>()
            .WithMessage("*AfterPadding failed on*the padding inside a nested struct moves AfterPadding.Columns*");
    }

#pragma warning disable CS0649 // The fields' places are all that counts.
    internal struct AfterPadding : IGpuKernel
    {
        internal TwoViews Inner;
        internal int Columns;

        public readonly void Run()
        {
        }
    }

    internal struct TwoViews
    {
        internal ArrayView<float> X;
        internal ArrayView<float> Y;
        internal int Exclusive;
    }

    internal struct BeforeAlignment
    {
        internal int Rows;
        internal FirstOfTwo Inner;
    }

    internal struct FirstOfTwo
    {
        internal int First;
        internal long Second;
    }

    internal struct OfPaddedElements
    {
        internal ArrayView<Item> Items;
    }

    internal struct Item
    {
        internal LongAndInt Inner;
        internal int Last;
    }

    internal struct LongAndInt
    {
        internal long First;
        internal int Second;
    }

    internal struct Filled
    {
        internal FilledViews Inner;
        internal int Columns;
    }

    internal struct FilledViews
    {
        internal ArrayView<float> X;
        internal int Exclusive;
        internal int Unused;
    }

    internal struct Last
    {
        internal ArrayView<int> X;
        internal TwoViews Inner;
    }

    internal struct Flat
    {
        internal byte Kind;
        internal double Rate;
        internal Side Side;
        internal ArrayView<double> X;
    }

    internal enum Side : byte
    {
        Left,
    }

    internal struct Nothing;
#pragma warning restore CS0649
}
