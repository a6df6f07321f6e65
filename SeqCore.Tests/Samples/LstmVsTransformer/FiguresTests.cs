using SeqCore.Samples.LstmVsTransformer;

namespace SeqCore.Tests.Samples.LstmVsTransformer;

public class FiguresTests
{
    [Theory]
    [InlineData(2.4e-5, "24.0 µs")]
    [InlineData(0.0123, "12.3 ms")]
    [InlineData(3.21, "3.21 s")]
    public void Times_have_their_unit(double seconds, string text) => Figures.Time(seconds).Should().Be(text);

    [Theory]
    [InlineData(0, "0 B")]
    [InlineData(6660, "6.66 kB")]
    [InlineData(5.01e9, "5.01 GB")]
    public void Bytes_have_their_unit(double bytes, string text) => Figures.Bytes(bytes).Should().Be(text);

    [Theory]
    [InlineData(2e-45, "<1e-40")]
    [InlineData(3.4e38, ">1e38")]
    [InlineData(double.PositiveInfinity, ">1e38")]
    [InlineData(4.26e-23, "4.3e-23")]
    [InlineData(0.0049, "0.005")]
    [InlineData(0.0, "0")]
    [InlineData(double.NaN, "-")]
    public void Small_and_large_numbers_are_short(double value, string text) => Figures.Small(value).Should().Be(text);

    [Theory]
    [InlineData(-0.001, "N^0.00")]
    [InlineData(1.987, "N^1.99")]
    public void Exponents_are_never_minus_zero(double exponent, string text) => Figures.Power(exponent).Should().Be(text);
}
