using System.Globalization;

namespace SeqCore.Tests.Tensors;

public class TensorPrintingTests
{
    [Fact]
    public void Rows_are_aligned_under_their_shape() =>
        Tensor.FromSpan([1f, -2.5f, 100.125f, 0f, 3f, 4f], [2, 3]).ToString().Should().Be(
            """
            Tensor (2, 3)
            [[  1.0000,  -2.5000, 100.1250],
             [  0.0000,   3.0000,   4.0000]]
            """);

    [Fact]
    public void Whole_numbers_have_no_decimals() =>
        Tensor.FromSpan([1f, float.NaN, float.NegativeInfinity, -10f], [4]).ToString()
            .Should().Be("Tensor (4,)\n[   1,  nan, -inf,  -10]");

    [Fact]
    public void Scalars_and_empty_tensors_fit_on_a_line()
    {
        Tensor.Scalar(1.5f).ToString().Should().Be("Tensor (): 1.5000");
        Tensor.Zeros([2, 0]).ToString().Should().Be("Tensor (2, 0): no elements");
    }

    [Fact]
    public void Very_large_and_very_small_numbers_are_scientific()
    {
        Tensor.FromArray([1e-7f, -2e-6f]).ToString().Should().Be("Tensor (2,)\n[ 1.0000e-07, -2.0000e-06]");
        Tensor.FromArray([1e10f, 1f]).ToString().Should().Be("Tensor (2,)\n[1.0000e+10, 1.0000e+00]");
    }

    [Fact]
    public void Matrices_of_a_batch_are_set_apart() =>
        Tensor.Arange(8).Reshape(2, 2, 2).ToString().Should().Be(
            """
            Tensor (2, 2, 2)
            [[[0, 1],
              [2, 3]],

             [[4, 5],
              [6, 7]]]
            """);

    [Fact]
    public void Long_axes_are_abbreviated()
    {
        Tensor.Arange(2000).ToString().Should().Be("Tensor (2000,)\n[   0,    1,    2, ..., 1997, 1998, 1999]");
        Tensor.Arange(10_000).Reshape(100, 100).ToString(new PrintOptions { EdgeItems = 1 }).Should().Be(
            """
            Tensor (100, 100)
            [[   0, ...,   99],
             ...,
             [9900, ..., 9999]]
            """);
        Tensor.Arange(6000).Reshape(2, 3000).Transpose().ToString(new PrintOptions { EdgeItems = 2 }).Should().Be(
            """
            Tensor (3000, 2)
            [[   0, 3000],
             [   1, 3001],
             ...,
             [2998, 5998],
             [2999, 5999]]
            """);
    }

    [Fact]
    public void Options_choose_the_digits_and_the_threshold()
    {
        using var x = Tensor.FromArray([1f / 3f, 2f / 3f, 1f]);
        x.ToString(new PrintOptions { Digits = 2 }).Should().Be("Tensor (3,)\n[0.33, 0.67, 1.00]");
        x.ToString(new PrintOptions { Digits = 1, Threshold = 2, EdgeItems = 1 }).Should().Be("Tensor (3,)\n[0.3, ..., 1.0]");
    }

    [Fact]
    public void The_culture_does_not_matter()
    {
        var culture = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = new CultureInfo("") { NumberFormat = { NumberDecimalSeparator = ",", NegativeSign = "~" } };
        try
        {
            Tensor.FromArray([-1.5f]).ToString().Should().Be("Tensor (1,)\n[-1.5000]");
            IndexTensor.FromSpan([-1], [1]).ToString().Should().Be("IndexTensor (1,)\n[-1]");
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }
    }

    [Fact]
    public void Index_tensors_are_printed_likewise() =>
        IndexTensor.FromSpan([1, -2, 30, 4], [2, 2]).ToString().Should().Be("IndexTensor (2, 2)\n[[ 1, -2],\n [30,  4]]");

    [Fact]
    public void Printing_leaves_no_memory_behind()
    {
        using var backend = new SeqCore.Kernels.CpuBackend(1);
        using var x = Tensor.FromSpan(new float[5000], [5, 1000], backend);
        var used = backend.Memory.InUse;
        x.ToString().Should().Contain("...");
        backend.Memory.InUse.Should().Be(used);
    }
}
