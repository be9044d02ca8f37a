using RemoteAccess.Transport;

namespace RemoteAccess.Tests;

public sealed class RecordHeaderTests
{
    [Fact]
    public void Write_StreamAndLength_AreTheDocumentedBytes()
    {
        byte[] record = new byte[4];

        new RecordHeader(MessageStream.Picture, 0x0A0B0C).Write(record);

        Assert.Equal([0x05, 0x0A, 0x0B, 0x0C], record);
    }

    [Theory]
    [InlineData("00000000", MessageStream.Control, 0)]
    [InlineData("01000002AABB", MessageStream.Input, 2)]
    [InlineData("05FFFFFFAA", MessageStream.Picture, 0xFFFFFF)]
    [InlineData("07000005AABB", MessageStream.Recording, 5)]
    internal void TryRead_ValidContent_GivesStreamAndRemaining(string hex, MessageStream stream, int remaining)
    {
        Assert.True(RecordHeader.TryRead(Convert.FromHexString(hex), out RecordHeader header));
        Assert.Equal(new RecordHeader(stream, remaining), header);
    }

    [Theory]
    [InlineData("")]
    [InlineData("00")]
    [InlineData("000000")]
    [InlineData("08000001AA")]
    [InlineData("FF000001AA")]
    [InlineData("00000001")]
    [InlineData("00000001AABB")]
    [InlineData("00000000AA")]
    public void TryRead_InvalidContent_IsRefused(string hex) => Assert.False(RecordHeader.TryRead(Convert.FromHexString(hex), out _));

    [Fact]
    public void TryRead_FragmentOverTheLimit_IsRefused()
    {
        byte[] longest = MessageFixture.Record(MessageStream.Picture, 100_000, new byte[RecordHeader.MaxFragment]);

        Assert.Equal(IRecordChannel.MaxContent, longest.Length);
        Assert.True(RecordHeader.TryRead(longest, out _));
        Assert.False(RecordHeader.TryRead([.. longest, 0], out _));
    }
}
