using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using RemoteAccess.Transport;
using RemoteAccess.Trust;
using ECPoint = Org.BouncyCastle.Math.EC.ECPoint;

namespace RemoteAccess.Tests;

/// <summary>Every field of the known-answer handshake of suite 1, recomputed from its inputs (docs/protocol.md §8).</summary>
public sealed class KnownAnswerTests
{
    [Fact]
    public void KnownAnswer_EveryFieldOfSuite1_Equals()
    {
        var kat = new KnownAnswer(1);
        Assert.Equal(1, kat.Element("suite").GetInt32());
        Assert.NotEmpty(kat.Text("seed_note"));

        CheckIdentities(kat);
        CheckAccessCode(kat);
        CheckGreetings(kat);
        CheckAuthentication(kat);
        CheckPake(kat);
        CheckApplicationKeys(kat);
        CheckRecords(kat);
        CheckSizes(kat);

        Assert.Empty(kat.Unread);
    }

    private static void CheckIdentities(KnownAnswer kat)
    {
        foreach (IP256Provider provider in (IP256Provider[])(Wine.IsHere ? [new BouncyCastleP256()] : [new SystemP256(), new BouncyCastleP256()]))
        {
            foreach (string name in (string[])["tenant", "host", "tech"])
            {
                using EcdsaSigningKey key = EcdsaSigningKey.FromScalar(kat[name + "_sk"], provider);
                Assert.Equal(kat[name + "_pk"], key.PublicKey.ToArray());
            }

            foreach (string name in (string[])["eT", "eH"])
            {
                using EphemeralKey key = provider.OpenEphemeral(kat[name + "_sk"]);
                Assert.Equal(kat[name], key.PublicKey);
            }
        }

        Assert.Equal(kat["tenant_id"], WireIdentity.Tenant(kat["tenant_pk"]));
        Assert.Equal(kat["host_id"], WireIdentity.Host(kat["host_pk"]));
    }

    private static void CheckAccessCode(KnownAnswer kat)
    {
        byte[] code = Encoding.UTF8.GetBytes(kat.Text("code_utf8"));
        JsonElement cost = kat.Element("scrypt_params");
        int log2N = int.Log2(cost.GetProperty("N").GetInt32()), r = cost.GetProperty("r").GetInt32(), p = cost.GetProperty("p").GetInt32();
        Assert.Equal(CodeStretching.OutputLength, cost.GetProperty("dkLen").GetInt32());

        using PinnedSecret password = CodeStretching.Password(code, kat["tenant_id"], kat["host_id"]);
        Assert.Equal(kat["scrypt_password"], password.Array);
        using PinnedSecret stretched = CodeStretching.Stretch(password, kat["salt"], log2N, r, p);
        Assert.Equal(kat["scrypt_out"], stretched.Array);

        using AccessSecret secret = AccessSecret.Derive(code, kat["tenant_id"], kat["host_id"], kat["salt"], log2N, r, p);
        Assert.Equal(kat["w0"], secret.W0.Array);
        Assert.Equal(kat["w1"], secret.W1.Array);
        using AccessVerifier verifier = secret.ToVerifier();
        Assert.Equal(kat["w0"], verifier.W0);
        Assert.Equal(kat["L"], verifier.L);
        Assert.Equal(kat["w0M"], verifier.W0M);
        Assert.Equal(kat["w0N"], verifier.W0N);
        using AccessVerifier? fromParts = AccessVerifier.TryCreate(kat["w0"], kat["L"]);
        Assert.Equal(kat["w0M"], fromParts!.W0M);
        Assert.Equal(kat["w0N"], fromParts.W0N);
    }

    private static void CheckGreetings(KnownAnswer kat)
    {
        Assert.Equal(kat["ClientHello"], ClientHello.Write(kat["random_T"], kat["eT"]));
        Assert.Equal(kat["HostHello"], HostHello.Write(kat["random_H"], kat["eH"]));
        foreach (IP256Provider provider in (IP256Provider[])(Wine.IsHere ? [new BouncyCastleP256()] : [new SystemP256(), new BouncyCastleP256()]))
        {
            Assert.Equal(kat["ecdh"], Agree(provider, kat["eT_sk"], kat["eH"]));
            Assert.Equal(kat["ecdh"], Agree(provider, kat["eH_sk"], kat["eT"]));
        }

        Assert.Equal(kat["th_h"], SHA256.HashData([.. kat["ClientHello"], .. kat["HostHello"]]));
        using var secrets = new HandshakeSecrets(kat["ecdh"], kat["th_h"]);
        Assert.Equal(kat["HS"], secrets.Root.Array);
        Assert.Equal(kat["hs_t_secret"], secrets.Technician.Array);
        Assert.Equal(kat["hs_h_secret"], secrets.Host.Array);
        Assert.Equal(kat["derived"], secrets.Derived.Array);
        CheckKeyAndIv(kat, "hs_t_key", "hs_t_iv", secrets.Technician);
        CheckKeyAndIv(kat, "hs_h_key", "hs_h_iv", secrets.Host);
    }

    private static void CheckAuthentication(KnownAnswer kat)
    {
        using EcdsaSigningKey host = EcdsaSigningKey.FromScalar(kat["host_sk"], new BouncyCastleP256());
        byte[] hostAuth = HostAuth.Write(host, kat["th_h"]);
        Assert.Equal(kat["HostAuth"], hostAuth);
        Assert.Equal(kat["sig_host"], hostAuth[^64..]);
        Assert.True(HostAuth.TryRead(hostAuth.AsSpan(4), out HostAuth auth) && auth.IsSigned(kat["th_h"]));

        using EcdsaSigningKey tenant = EcdsaSigningKey.FromScalar(kat["tenant_sk"], new BouncyCastleP256());
        Assert.True(TechnicianCertificate.TryRead(kat["tech_cert"], out TechnicianCertificate? read));
        Assert.True(read.IsSignedBy(kat["tenant_pk"]));
        TechnicianCertificate made = TechnicianCertificate.Sign(
            tenant, read.Serial.Span, kat["tech_pk"], read.Name, read.NotBefore, read.NotAfter, read.MaxOperations);
        Assert.Equal(kat["tech_cert"], made.Encoded.ToArray());

        byte[] techAuth = TechAuth.WriteUnsigned(
            kat["tech_cert"], kat["grant_id"], kat["grant_digest"], (Operations)0x0F, "Ticket 4711: printer spooler", [], kat["shareP"]);
        byte[] hash = SHA256.HashData([.. kat["ClientHello"], .. kat["HostHello"], .. kat["HostAuth"], .. techAuth.AsSpan(..^64)]);
        using EcdsaSigningKey technician = EcdsaSigningKey.FromScalar(kat["tech_sk"], new BouncyCastleP256());
        technician.Sign(TechAuth.Statement(hash), techAuth.AsSpan(^64..));
        Assert.Equal(kat["sig_tech"], techAuth[^64..]);
        Assert.Equal(kat["TechAuth"], techAuth);
        Assert.True(P256.Verify(kat["tech_pk"], TechAuth.Statement(hash), kat["sig_tech"]));
    }

    private static void CheckPake(KnownAnswer kat)
    {
        Assert.Equal(kat["th_b"], SHA256.HashData([.. kat["ClientHello"], .. kat["HostHello"], .. kat["HostAuth"], .. kat["TechAuth"]]));
        Spake2PlusParties parties = Spake2PlusParties.For(1, kat["th_b"], kat["tenant_id"], kat["host_id"]);
        Assert.Equal(kat["Context"], parties.Context.ToArray());

        using var secret = new AccessSecret(kat["w0"], kat["w1"]);
        using var verifier = new AccessVerifier(kat["w0"], kat["L"], kat["w0M"], kat["w0N"]);
        using var prover = new Spake2PlusProver(secret, kat["x"]);
        Assert.Equal(kat["shareP"], prover.ShareP);
        Assert.True(Spake2PlusVerifier.TryRespond(verifier, kat["y"], parties, kat["shareP"], out byte[]? shareV, out Spake2PlusKeys? hostKeys));
        Assert.Equal(kat["shareV"], shareV);
        using Spake2PlusKeys? technicianKeys = prover.TryFinish(parties, kat["shareV"]);
        foreach (Spake2PlusKeys? keys in (Spake2PlusKeys?[])[hostKeys, technicianKeys])
        {
            Assert.Equal(kat["K_main"], keys!.Main.Array);
            Assert.Equal(kat["K_confirmP"], keys.ConfirmKeyP.ToArray());
            Assert.Equal(kat["K_confirmV"], keys.ConfirmKeyV.ToArray());
            Assert.Equal(kat["K_shared"], keys.Shared.Array);
            Assert.Equal(kat["confirmP"], keys.ConfirmP);
            Assert.Equal(kat["confirmV"], keys.ConfirmV);
        }

        hostKeys.Dispose();
        CheckSharedPoints(kat, parties);
        Assert.Equal(kat["PakeReply"], PakeReply.Write(kat["shareV"], kat["confirmV"]));
        Assert.Equal(kat["PakeFinish"], PakeFinish.Write(kat["confirmP"]));
    }

    private static void CheckSharedPoints(KnownAnswer kat, Spake2PlusParties parties)
    {
        ECPoint peer = Point(kat["shareV"]).Subtract(Point(kat["w0N"])).Normalize();
        ECPoint z = P256Group.Multiply(peer, kat["x"]), v = P256Group.Multiply(peer, kat["w1"]);
        Assert.Equal(kat["Z"], P256Group.Encode(z));
        Assert.Equal(kat["V"], P256Group.Encode(v));
        Assert.Equal(kat["Z"], P256Group.Encode(P256Group.Multiply(Point(kat["shareP"]).Subtract(Point(kat["w0M"])).Normalize(), kat["y"])));
        Assert.Equal(kat["V"], P256Group.Encode(P256Group.Multiply(Point(kat["L"]), kat["y"])));
        using PinnedSecret transcript = Spake2PlusKeys.Transcript(parties, kat["shareP"], kat["shareV"], z, v, kat["w0"]);
        Assert.Equal(kat["TT"], transcript.Array);
    }

    private static void CheckApplicationKeys(KnownAnswer kat)
    {
        byte[] hash = SHA256.HashData([.. kat["ClientHello"], .. kat["HostHello"], .. kat["HostAuth"], .. kat["TechAuth"], .. kat["PakeReply"], .. kat["PakeFinish"]]);
        Assert.Equal(kat["th_f"], hash);
        using var secrets = new ApplicationSecrets(kat["derived"], kat["K_shared"], hash);
        Assert.Equal(kat["MS"], secrets.Master.Array);
        Assert.Equal(kat["app_t_secret"], secrets.Technician.Array);
        Assert.Equal(kat["app_h_secret"], secrets.Host.Array);
        Assert.Equal(kat["exporter"], secrets.Exporter.Array);
        Assert.Equal(kat["session_id"], secrets.SessionId);
        CheckKeyAndIv(kat, "app_t_key", "app_t_iv", secrets.Technician);
        CheckKeyAndIv(kat, "app_h_key", "app_h_iv", secrets.Host);
        KeySchedule.Update(secrets.Technician);
        Assert.Equal(kat["app_t_secret_1"], secrets.Technician.Array);
        CheckKeyAndIv(kat, "app_t_key_1", "app_t_iv_1", secrets.Technician);
    }

    private static void CheckRecords(KnownAnswer kat)
    {
        foreach (JsonElement record in kat.Element("records").EnumerateArray())
        {
            bool isUpdated = record.TryGetProperty("after", out _);
            string secretName = record.Text("from") == "host" ? "app_h_secret" : isUpdated ? "app_t_secret_1" : "app_t_secret";
            using var secret = new PinnedSecret(kat[secretName]);
            using RecordCipher seal = At(secret, record), open = At(secret, record);
            byte[] content = record.Hex("content"), expected = record.Hex("frame");
            byte[] frame = new byte[expected.Length];
            seal.Seal((RecordType)record.GetProperty("ctype").GetInt32(), content, record.GetProperty("pad").GetInt32(), frame);
            Assert.Equal(expected, frame);

            byte[] inner = new byte[expected.Length - 20];
            open.Open(ProtectedFrames.Parse(expected), inner);
            Assert.True(RecordBody.TryRead(inner, out RecordType type, out Range range));
            Assert.Equal((record.GetProperty("ctype").GetInt32(), Convert.ToHexString(content)), ((int)type, Convert.ToHexString(inner[range])));
        }
    }

    private static void CheckSizes(KnownAnswer kat)
    {
        JsonElement sizes = kat.Element("sizes");
        Assert.Equal(sizes.GetProperty("ClientHello_frame").GetInt32(), 4 + kat["ClientHello"].Length);
        Assert.Equal(sizes.GetProperty("HostHello_frame").GetInt32(), 4 + kat["HostHello"].Length);
        foreach (string name in (string[])["HostAuth", "TechAuth", "PakeReply", "PakeFinish"])
        {
            Assert.Equal(sizes.GetProperty(name + "_frame").GetInt32(), kat["frame_" + name].Length);
        }
    }

    private static void CheckKeyAndIv(KnownAnswer kat, string keyField, string ivField, PinnedSecret secret)
    {
        byte[] key = new byte[32], iv = new byte[12];
        KeySchedule.RecordKey(secret.Span, key);
        KeySchedule.RecordIv(secret.Span, iv);
        Assert.Equal((Convert.ToHexString(kat[keyField]), Convert.ToHexString(kat[ivField])), (Convert.ToHexString(key), Convert.ToHexString(iv)));
    }

    private static byte[] Agree(IP256Provider provider, byte[] scalar, byte[] peer)
    {
        using EphemeralKey key = provider.OpenEphemeral(scalar);
        byte[] x = new byte[32];
        key.Agree(peer, x);
        return x;
    }

    private static RecordCipher At(PinnedSecret secret, JsonElement record)
    {
        var cipher = new RecordCipher(secret);
        for (int i = 0; i < record.GetProperty("seq").GetInt32(); i++) cipher.Seal(RecordType.Application, [1], 0, new byte[RecordCipher.FrameLength(1, 0)]);
        return cipher;
    }

    private static ECPoint Point(byte[] encoded)
    {
        Assert.True(P256Group.TryDecode(encoded, out ECPoint point));
        return point;
    }
}
